import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { DiagnosticError } from '@basalt/diagnostics';
import { bindingsLockSchemaDocument, type BindingsLock } from './bindings-lock.js';
import { contentHash } from './content-hash.js';
import { generateLock } from './generate-lock.js';
import { verifyLock, type VerifyLockOptions } from './verify-lock.js';

const flowId = '2d25af79-7d05-5ede-b8e3-b3698f01adf5';
const { lock, text } = generateLock({
  flowId,
  requiredHints: ['resource::kv::read', 'resource::http::read'],
  binds: ['kv=memory', 'http=undici:api.example.com'],
});

function findings(content: string, options?: VerifyLockOptions): readonly string[] {
  try {
    verifyLock(content, options);
    return [];
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map((d) => `${d.code} ${d.location?.pointer ?? ''}`.trim());
  }
}

type Loose = Record<string, unknown> & {
  instances: Record<string, Record<string, unknown>>;
  flows: Record<string, { use: Record<string, unknown> }>;
};

/** The lock with a change, and the hash that belongs to it. */
function changed(change: (copy: Loose) => void): string {
  const copy = structuredClone(lock) as unknown as Loose;
  change(copy);
  if (copy['content_hash'] === lock.content_hash) copy['content_hash'] = contentHash(copy);
  return JSON.stringify(copy, null, 2);
}

describe('verifyLock', () => {
  it('gives back what was generated', () => {
    expect(verifyLock(text)).toEqual(lock);
    const options = { flowId, requiredHints: ['resource::http::read', 'resource::kv::read'] };
    expect(verifyLock(JSON.stringify(lock), options)).toEqual(lock);
  });

  it('takes settings that are null and kinds of the 0.1 contract', () => {
    const foreign = changed((copy) => {
      copy.instances['http_undici']!['provider_kind'] = 'http.reqwest';
      copy.instances['kv_memory']!['connect'] = null;
      copy.instances['kv_memory']!['config'] = null;
      copy.instances['kv_memory']!['isolation'] = {};
    });
    expect(findings(foreign)).toEqual([]);
  });

  it.each<[string, (copy: Loose) => void, string[]]>([
    ['another version', (c) => void (c['version'] = 2), ['BIND011 /version']],
    ['a version that is text', (c) => void (c['version'] = '1'), ['BIND010 /version']],
    ['instances that are a list', (c) => void (c.instances = [] as never), ['BIND010 /instances']],
    [
      'a kind that is no text',
      (c) => void (c.instances['kv_memory']!['provider_kind'] = 7),
      ['BIND010 /instances/kv_memory/provider_kind'],
    ],
    ['a wrong hash', (c) => void (c['content_hash'] = '0'.repeat(64)), ['BIND012 /content_hash']],
    [
      'an unknown kind',
      (c) => void (c.instances['kv_memory']!['provider_kind'] = 'kv.etcd'),
      ['BIND003 /instances/kv_memory/provider_kind'],
    ],
    [
      'isolation',
      (c) => void (c.instances['kv_memory']!['isolation'] = ['tenant']),
      ['BIND013 /instances/kv_memory/isolation'],
    ],
    [
      'an unknown setting',
      (c) => void (c.instances['kv_memory']!['config'] = { ttl: 1 }),
      ['BIND005 /instances/kv_memory'],
    ],
    [
      'an instance that is not defined',
      (c) => void (c.flows[flowId]!.use['resource::kv::read'] = 'toString'),
      [`BIND016 /flows/${flowId}/use/resource::kv::read`],
    ],
    [
      'an instance that serves something else',
      (c) => void (c.flows[flowId]!.use['resource::kv::read'] = 'http_undici'),
      [`BIND016 /flows/${flowId}/use/resource::kv::read`],
    ],
    [
      'one capability from two instances',
      (c) => {
        c.instances['kv_2'] = { ...c.instances['kv_memory'] };
        c.flows[flowId]!.use['resource::kv::write'] = 'kv_2';
      },
      [`BIND006 /flows/${flowId}/use/resource::kv::write`],
    ],
  ])('refuses %s', (_, change, expected) => {
    expect(findings(changed(change))).toEqual(expected);
  });

  it('refuses a lock without the flow or without a hint of it', () => {
    expect(findings(text, { flowId: 'another' })).toEqual(['BIND014 /flows']);
    expect(findings(text, { flowId: '__proto__' })).toEqual(['BIND014 /flows']);
    const requiredHints = ['resource::kv::read', 'resource::blob::write'];
    expect(findings(text, { flowId, requiredHints })).toEqual([`BIND015 /flows/${flowId}/use`]);
  });

  it('lists every finding', () => {
    const broken = text
      .replace('kv.memory', 'kv.etcd')
      .replace('"isolation": []', '"isolation": [1]');
    expect(findings(broken).map((finding) => finding.slice(0, 7))).toEqual([
      'BIND012',
      'BIND013',
      'BIND003',
    ]);
  });

  it.each([
    ['nothing', '', { line: 1, column: 1 }],
    ['a text', '"lock"', undefined],
    ['a list', '[]', undefined],
    ['null', 'null', undefined],
    ['a cut file', text.slice(0, 30), { line: 3, column: 3 }],
    ['a comment', '{\n// x\n}', { line: 2, column: 1 }],
    ['deep nesting', '['.repeat(100_000), undefined],
    ['an endless text', `"${'x'.repeat(5_000_000)}"`, undefined],
    ['missing fields', '{"version": 1}', { pointer: '', line: 1, column: 1 }],
  ])('refuses %s', (_, content, location) => {
    const error = (() => {
      try {
        return verifyLock(content);
      } catch (thrown) {
        return thrown as DiagnosticError;
      }
    })() as DiagnosticError;
    expect([error.diagnostic.code, error.diagnostic.location]).toEqual(['BIND010', location]);
  });

  it('refuses a key that occurs twice, where JSON.parse would take the last', () => {
    const twice = text.replace('"kv_memory": {', '"kv_memory": {}, "kv_memory": {');
    expect(findings(twice)).toEqual(['BIND010 /instances/kv_memory']);
  });

  it('notices every change of a character, and never throws anything else', () => {
    const index = fc.nat(text.length - 1);
    fc.assert(
      fc.property(index, fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        const edited = text.slice(0, at) + character + text.slice(at + 1);
        let same = false;
        try {
          same = contentHash(JSON.parse(edited) as BindingsLock) === lock.content_hash;
        } catch {
          same = false;
        }
        expect(findings(edited).length > 0 || same).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

test('the committed schema is that of the source', () => {
  const path = new URL('../../../../schemas/bindings_lock.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(bindingsLockSchemaDocument())),
  );
});

describe('contentHash', () => {
  it('does not depend on the order of keys, and sorts them by UTF-8 bytes', () => {
    const hash = contentHash({ b: [1, { d: null, c: 'x' }], a: true, content_hash: 'ignored' });
    expect(hash).toBe(contentHash({ a: true, b: [1, { c: 'x', d: null }] }));
    // U+FF61 sorts before U+10000 by bytes, and after it by UTF-16 units.
    expect(contentHash({ '\u{10000}': 1, '\uff61': 2 })).toBe(
      '65c8717f4a8abff4166b130af37ec98a29593d807f568e60652b83e9ff9c3dc9',
    );
  });
});
