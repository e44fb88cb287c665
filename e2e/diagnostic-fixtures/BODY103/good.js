import { defineFlow } from '@basalt/flow-dsl';

const STEP = 1;

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.inline('stamp', { run: (order) => ({ ...order, number: order.seen + STEP }) });
  f.connect(request, stamp);
});
