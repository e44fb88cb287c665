import { defineFlow } from '@basalt/flow-dsl';

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.activity('stamp', {
    uses: ['resource::http::write'],
    idempotency: { key: '/id' },
    run: async (order, context) => {
      const body = new TextEncoder().encode(order.id);
      const request = { method: 'POST', url: 'https://audit.example', body };
      const { status } = await context.capabilities.httpWrite.send(request);
      return { ...order, status };
    },
  });
  f.connect(request, stamp);
});
