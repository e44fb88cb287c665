import { defineFlow } from '@basalt/flow-dsl';
import { memoryKv } from '@basalt/capabilities';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    determinism: 'best_effort',
    run: (_, context) => (context.capabilities as { kv: unknown }).kv === undefined,
  });
  f.connect(request, price);
});

export const run = { flow, payload: { id: 7 }, host: { capabilities: { kv: memoryKv() } } };
