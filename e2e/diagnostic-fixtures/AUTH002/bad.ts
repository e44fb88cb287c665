import { defineFlow } from '@basalt/flow-dsl';

const prices = { tea: 3, cake: 5 };

export const act = () =>
  defineFlow('price_order', { version: '1.0.0' }, (f) => {
    const request = f.trigger('request');
    const price = f.inline('price', { run: prices as never });
    f.connect(request, price);
  });
