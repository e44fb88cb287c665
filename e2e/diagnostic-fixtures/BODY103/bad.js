import { defineFlow } from '@basalt/flow-dsl';

let seen = 0;

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.inline('stamp', { run: (order) => ({ ...order, number: (seen += 1) }) });
  f.connect(request, stamp);
});
