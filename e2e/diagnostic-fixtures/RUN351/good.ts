import { memoryCache } from '@basalt/capabilities';
import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('look_up_price', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    cache: { tier: 'disk', ttlMs: 60_000 },
    run: (order) => order.id * 2,
  });
  f.connect(request, price);
});

export const run = {
  flow,
  payload: { id: 7 },
  host: { capabilities: { cacheDisk: memoryCache() } },
};
