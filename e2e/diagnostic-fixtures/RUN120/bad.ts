import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const accept = f.inline('accept', { run: (order) => order });
  const reject = f.inline('reject', { run: (order) => order });
  f.if(request, '/ok' as never, { then: accept, else: reject });
  f.capture(request, accept);
});

export const run = { flow, payload: { ok: 'yes' } };
