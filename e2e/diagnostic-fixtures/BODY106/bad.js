import { defineFlow } from '@basalt/flow-dsl';

function stampOf(order) {
  return { ...order, zone: String(this) };
}

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.inline('stamp', { run: stampOf.bind('UTC') });
  f.connect(request, stamp);
});
