import { defineFlow } from '@basalt/flow-dsl';

function stampOf(zone, order) {
  return { ...order, zone };
}

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.inline('stamp', { run: (order) => stampOf('UTC', order) });
  f.connect(request, stamp);
});
