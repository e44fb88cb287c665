import { SecretRedactor, secretStore } from '@basalt/capabilities';
import type { NodeContext } from '@basalt/executor';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post } from '../testing/raw-client.js';
import { watchSecrets } from './watch-secrets.js';

afterEach(closeServed);

describe('watchSecrets', () => {
  it('tells the redactor what is read, and nothing else', async () => {
    const redactor = new SecretRedactor();
    const values = { A: 'first-value', B: 'second-value' };
    const { secrets } = watchSecrets(
      { secrets: secretStore({ allow: ['A', 'B'], values }) },
      redactor,
    );
    expect(await secrets!.get('A')).toBe('first-value');
    expect(redactor.redact('first-value second-value')).toBe('[redacted] second-value');
    await expect(secrets!.get('C')).rejects.toThrow('CAP113');
  });

  it('leaves capabilities without secrets as they are', () => {
    const capabilities = {};
    expect(watchSecrets(capabilities, new SecretRedactor())).toBe(capabilities);
  });

  it('is done for every flow of a host', async () => {
    const redactor = new SecretRedactor();
    const secrets = secretStore({ allow: ['KEY'], values: { KEY: 'key-of-the-flow' } });
    const flow = hostedFlow({
      name: 'uses',
      node: { secrets: ['KEY'] },
      capabilities: { secrets },
      run: async (_input: unknown, context: NodeContext) => (await context.secret('KEY')).length,
    });
    const { url } = await serve([flow], { redactor });
    expect((await post(url, '/uses', null)).json()).toBe(15);
    expect(redactor.redact('key-of-the-flow')).toBe('[redacted]');
  });
});
