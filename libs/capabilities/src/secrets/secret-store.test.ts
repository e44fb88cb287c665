import { codeOf } from '../../test/store-fixture.js';
import { SecretRedactor } from './secret-redactor.js';
import { secretStore } from './secret-store.js';

describe('secretStore', () => {
  const values = { API_KEY: 'value-1', OTHER: 'value-2' };

  it('gives what is allowed and set, and tells the redactor', async () => {
    const redactor = new SecretRedactor();
    const store = secretStore({ allow: ['API_KEY', 'UNSET', 'toString'], values, redactor });
    const names = ['API_KEY', 'UNSET', 'toString'];
    const found = await Promise.all(names.map((name) => store.get(name)));
    expect(found).toEqual(['value-1', undefined, undefined]);
    expect(redactor.redact('value-1 value-2')).toBe('[redacted] value-2');
  });

  it('refuses what is not allowed, set or not, and everything by default', async () => {
    const store = secretStore({ allow: ['API_KEY'], values });
    const codes = await Promise.all([
      codeOf(store.get('OTHER')),
      codeOf(store.get('__proto__')),
      codeOf(store.get(7 as never)),
      codeOf(secretStore().get('PATH')),
    ]);
    expect(codes).toEqual(['CAP113', 'CAP113', 'CAP103', 'CAP113']);
  });

  it('reads the environment of the process unless given values', async () => {
    const name = Object.keys(process.env)[0]!;
    expect(await secretStore({ allow: [name] }).get(name)).toBe(process.env[name]);
  });
});
