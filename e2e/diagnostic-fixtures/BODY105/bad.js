import { defineFlow } from '@basalt/flow-dsl';

export const flow = defineFlow('stamp_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stamp = f.activity('stamp', {
    uses: ['resource::http::read', 'resource::secrets'],
    secrets: ['other_key'],
    run: async (order, context) => {
      const key = await context.secret('audit_key');
      const headers = { authorization: key };
      const request = { method: 'GET', url: 'https://audit.example', headers };
      return (await context.capabilities.httpRead.send(request)).status;
    },
  });
  f.connect(request, stamp);
});
