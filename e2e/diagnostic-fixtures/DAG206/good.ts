import { defineFlow } from '@basalt/flow-dsl';

export const flow = defineFlow('per_customer', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', { run: (order) => order });
  f.connect(request, price);
  f.partition(request, price, '/customer' as never);
});
