import { defineFlow } from '@basalt/flow-dsl';

export const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', { run: (order) => order });
  f.connect(request, price);
});
