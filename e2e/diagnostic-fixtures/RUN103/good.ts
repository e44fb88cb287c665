import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    run: (order) => {
      return order;
    },
  });
  f.connect(request, price);
  const slow = f.inline('slow', {
    run: async (order, context) => {
      await context.clock.sleep(5);
      return order;
    },
  });
  f.connect(price, slow);
});

export const run = { flow, payload: { id: 7 } };
