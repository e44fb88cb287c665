import { defineFlow } from '@basalt/flow-dsl';
import type { SecretStore } from '@basalt/capabilities';

const secrets: SecretStore = { get: async (name) => (name === 'pay_key' ? 'k1' : undefined) };

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    uses: ['resource::secrets'],
    secrets: ['mail_key', 'pay_key'],
    run: (_, context) => context.secret('mail_key' as never),
  });
  f.connect(request, price);
});

export const run = { flow, payload: { id: 7 }, host: { secrets } };
