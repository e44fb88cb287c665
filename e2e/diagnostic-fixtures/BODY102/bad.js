import { defineFlow } from '@basalt/flow-dsl';

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.inline('stamp', {
    determinism: 'best_effort',
    run: (order) => fetch('https://audit.example', { method: 'POST', body: order.id }),
  });
  f.connect(request, stamp);
});
