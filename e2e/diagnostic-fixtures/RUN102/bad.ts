import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', { run: (order) => ({ id: order.id, at: new Date(0) as never }) });
  f.connect(request, price);
});

export const run = { flow, payload: { id: 7 } };
