import { createHmac } from 'node:crypto';
import { secretStore, type CapabilitySet } from '@basalt/capabilities';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { send, type RawAnswer } from '../testing/raw-client.js';
import type { WebhookOptions } from './security-options.js';

afterEach(closeServed);

const secret = 'whsec_abcdef';
const webhook: WebhookOptions = {
  flow: 'orders',
  secret: 'HOOK',
  header: 'x-signature',
  timestampHeader: 'x-time',
};
const code = (answer: RawAnswer) => [answer.status, (answer.json() as { code?: string }).code];
const nowS = () => Math.floor(Date.now() / 1000);

function capabilities(values: Record<string, string>): CapabilitySet {
  return { secrets: secretStore({ allow: ['HOOK'], values }) };
}
const flow = (more: CapabilitySet = capabilities({ HOOK: secret })) =>
  hostedFlow({ name: 'orders', capabilities: more });

function signedBy(key: string, body: string, at = nowS()) {
  const signature = createHmac('sha256', key).update(`${at}.${body}`).digest('hex');
  return { 'x-signature': signature, 'x-time': String(at), 'content-type': 'application/json' };
}
const hook = (url: string, body: string, headers: Record<string, string>) =>
  send(url, '/orders', { method: 'POST', headers, body });

describe('signed triggers', () => {
  it('take what is signed, byte for byte, once', async () => {
    const { url } = await serve([flow()], { security: { webhooks: [webhook] } });
    const body = '{ "order":  7 }';
    const headers = signedBy(secret, body);
    const first = await hook(url, body, headers);
    expect([first.status, first.json()]).toEqual([200, { order: 7 }]);
    expect(code(await hook(url, body, headers))).toEqual([409, 'HTTP208']);
    expect(code(await hook(url, '{"order":7}', headers))).toEqual([401, 'HTTP206']);
    expect(code(await hook(url, body, signedBy('other', body)))).toEqual([401, 'HTTP206']);
    expect(code(await hook(url, body, signedBy(secret, body, nowS() - 400)))).toEqual([
      401,
      'HTTP207',
    ]);
    expect(code(await hook(url, body, { 'content-type': 'application/json' }))).toEqual([
      401,
      'HTTP205',
    ]);
  });

  it('parse the body only after it is proven', async () => {
    const { url } = await serve([flow()], { security: { webhooks: [webhook] } });
    expect(code(await hook(url, '{', signedBy('other', '{')))).toEqual([401, 'HTTP206']);
    expect(code(await hook(url, '{', signedBy(secret, '{')))).toEqual([400, 'HTTP110']);
  });

  it('keep to the limit of bodies, also where the length is not told', async () => {
    const options = { security: { webhooks: [webhook] }, maxBodyBytes: 100 };
    const { url } = await serve([flow()], options);
    const body = JSON.stringify('x'.repeat(200));
    expect(
      code(await hook(url, body, { ...signedBy(secret, body), 'transfer-encoding': 'chunked' })),
    ).toEqual([413, 'HTTP123']);
    expect(
      code(await hook(url, body, { ...signedBy(secret, body), 'content-length': '202' })),
    ).toEqual([413, 'HTTP123']);
  });

  it('do not begin where something is missing', async () => {
    const begin = (webhooks: WebhookOptions[], flows = [flow()]) =>
      serve(flows, { security: { webhooks } });
    await expect(begin([{ ...webhook, flow: 'absent' }])).rejects.toThrow(
      'HTTP213: The option webhooks of the host is not usable: there is no flow absent.',
    );
    await expect(begin([{ ...webhook, trigger: 'absent' }])).rejects.toThrow(
      'flow orders has no HTTP trigger named absent',
    );
    await expect(begin([webhook], [flow({})])).rejects.toThrow(
      'HTTP215: The webhook signature of the flow orders needs the secret HOOK, which is not available: no secrets are bound.',
    );
    await expect(begin([webhook], [flow(capabilities({}))])).rejects.toThrow('it is not set.');
    await expect(begin([{ ...webhook, secret: 'PATH' }])).rejects.toThrow('HTTP215');
  });
});
