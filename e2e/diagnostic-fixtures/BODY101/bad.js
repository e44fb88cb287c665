import { defineFlow } from '@basalt/flow-dsl';

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.inline('stamp', { run: (order) => ({ ...order, at: Date.now() }) });
  f.connect(request, stamp);
});
