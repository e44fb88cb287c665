import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    run: (order) => {
      if (order.total === undefined) throw new Error('the order has no total');
      return order.total;
    },
  });
  f.connect(request, price);
});

export const run = { flow, payload: { id: 7 } };
