import { defineFlow } from '@basalt/flow-dsl';

export const act = () => {
  let later = () => {};
  defineFlow('price_order', { version: '1.0.0' }, (f) => {
    const request = f.trigger('request');
    const price = f.inline('price', { run: (order) => order });
    later = () => f.connect(request, price);
  });
  later();
};
