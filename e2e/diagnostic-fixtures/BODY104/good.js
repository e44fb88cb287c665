import { defineFlow } from '@basalt/flow-dsl';

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.activity('stamp', {
    uses: ['resource::kv::read'],
    run: (order, context) => context.capabilities.kv.get(order.id),
  });
  f.connect(request, stamp);
});
