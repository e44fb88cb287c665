import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', { run: () => new Promise<never>(() => undefined) });
  f.connect(request, price);
});

export const run = { flow, payload: { id: 7 }, deadlineMs: 20, host: { graceMs: 20 } };
