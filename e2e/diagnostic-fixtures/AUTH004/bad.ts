import { defineFlow } from '@basalt/flow-dsl';

export const act = () =>
  defineFlow('price_order', { version: '1.0.0' }, (f) => {
    f.trigger('request');
    const price = f.inline('price', { run: (order) => order });
    f.connect('request' as never, price);
  });
