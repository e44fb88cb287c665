import { defineFlow } from '@basalt/flow-dsl';

export const act = () =>
  defineFlow('price_order', { version: '1.0.0' }, (f) => {
    const request = f.trigger('request');
    const price = f.inline('price order', { run: (order) => order });
    f.connect(request, price);
  });
