import { defineFlow } from '@basalt/flow-dsl';

export const act = () =>
  defineFlow('nightly_prices', { version: '1.0.0' }, (f) => {
    const request = f.trigger('request', { cron: '0 3 * * *', queue: 'prices' });
    const price = f.inline('price', { run: (order) => order });
    f.connect(request, price);
  });
