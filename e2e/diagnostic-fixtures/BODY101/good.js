import { defineFlow } from '@basalt/flow-dsl';

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.inline('stamp', {
    uses: ['resource::clock'],
    run: (order, context) => ({ ...order, at: context.clock.now() }),
  });
  f.connect(request, stamp);
});
