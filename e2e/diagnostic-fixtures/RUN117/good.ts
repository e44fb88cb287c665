import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', { run: (order) => order });
  f.connect(request, price);
});

export const run = { flow, payload: { at: new Date(0).toISOString() } };
