import { defineFlow } from '@basalt/flow-dsl';

const priceOrder = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', { run: (order) => order });
  f.connect(request, price);
  return f.capture(request, price);
});

export const flow = defineFlow('bill_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.subflow('price', priceOrder);
  f.connect(request, price);
});
