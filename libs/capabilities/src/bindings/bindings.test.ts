import fc from 'fast-check';
import { DiagnosticError } from '@basalt/diagnostics';
import { contentHash } from './content-hash.js';
import { generateLock } from './generate-lock.js';
import { parseBind } from './parse-bind.js';
import { OPENERS } from './open-provider.js';
import { verifyLock } from './verify-lock.js';
import { PROVIDER_KINDS, providerKind, settingsProblem } from './provider-kinds.js';

function codesOf(run: () => unknown): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map((d) => d.code);
    throw error;
  }
}

describe('parseBind', () => {
  it.each([
    ['kv=memory', { hint: 'resource::kv', kind: 'kv.memory', connect: {}, config: {} }],
    [
      'resource::kv::read=kv.disk:./a:b=c',
      { hint: 'resource::kv::read', kind: 'kv.disk', connect: { folder: './a:b=c' }, config: {} },
    ],
    [
      'http.read=undici',
      { hint: 'resource::http::read', kind: 'http.undici', connect: {}, config: {} },
    ],
    [
      'http=http.reqwest:api.example.com:443, *.example.org,+private',
      {
        hint: 'resource::http',
        kind: 'http.undici',
        connect: {},
        config: { allow: ['api.example.com:443', '*.example.org'], allowPrivate: true },
      },
    ],
    [
      'secrets=env:API_KEY,DB_URL',
      {
        hint: 'resource::secrets',
        kind: 'secrets.env',
        connect: {},
        config: { allow: ['API_KEY', 'DB_URL'] },
      },
    ],
    [
      'fs=disk:read=./in,write=./out,./both',
      {
        hint: 'resource::fs',
        kind: 'fs.disk',
        connect: { readRoots: ['./in', './both'], writeRoots: ['./out', './both'] },
        config: {},
      },
    ],
    [
      'kv=redis:rediss://ann@db.example.com:6380/2,password=REDIS_PASSWORD,prefix=shop',
      {
        hint: 'resource::kv',
        kind: 'kv.redis',
        connect: { url: 'rediss://ann@db.example.com:6380/2' },
        config: { passwordVariable: 'REDIS_PASSWORD', prefix: 'shop' },
      },
    ],
    [
      'cache.redis=redis:redis://127.0.0.1',
      {
        hint: 'resource::cache::redis',
        kind: 'cache.redis',
        connect: { url: 'redis://127.0.0.1' },
        config: {},
      },
    ],
    [
      'log=stderr:debug',
      { hint: 'resource::log', kind: 'log.stderr', connect: {}, config: { level: 'debug' } },
    ],
  ])('reads %s', (text, binding) => {
    expect(parseBind(text)).toEqual(binding);
  });

  it.each([
    ['', 'BIND001'],
    ['kv', 'BIND001'],
    ['=memory', 'BIND001'],
    ['kv=', 'BIND001'],
    ['kv=:x', 'BIND001'],
    ['kv=disk:a\0b', 'BIND001'],
    [`kv=disk:${'x'.repeat(5000)}`, 'BIND001'],
    ['kvs=memory', 'BIND002'],
    ['resource::kv::reed=memory', 'BIND002'],
    ['resource::=memory', 'BIND002'],
    ['__proto__=memory', 'BIND002'],
    ['db=memory', 'BIND002'],
    ['kv=memorry', 'BIND003'],
    ['kv=__proto__', 'BIND003'],
    ['kv=blob.memory', 'BIND004'],
    ['cache.disk=memory', 'BIND004'],
    ['cache.redis=cache.disk:./d', 'BIND004'],
    ['kv=redis', 'BIND005'],
    ['kv=redis:127.0.0.1:6379', 'BIND005'],
    ['kv=redis:redis://:hidden@127.0.0.1', 'BIND005'],
    ['kv=redis:redis://127.0.0.1,user=ann', 'BIND005'],
    ['kv=redis:redis://127.0.0.1,password=', 'BIND005'],
    ['kv=disk', 'BIND005'],
    ['kv=disk:', 'BIND005'],
    ['kv=memory:x', 'BIND005'],
    ['http=undici:http://x', 'BIND005'],
    ['http=undici:', 'BIND005'],
    ['secrets=env', 'BIND005'],
    ['secrets=env:A,,B', 'BIND005'],
    ['fs=disk', 'BIND005'],
    ['fs=disk:read=', 'BIND005'],
    ['log=stderr:loud', 'BIND005'],
  ])('refuses %.30p', (text, code) => {
    expect(codesOf(() => parseBind(text))).toEqual([code]);
  });

  it('suggests the nearest name', () => {
    const helps = ['kvv=memory', 'kv=memorry'].map((text) => {
      try {
        return parseBind(text).kind;
      } catch (error) {
        return (error as DiagnosticError).diagnostic.help;
      }
    });
    expect(helps).toEqual(['Did you mean resource::kv?', 'Did you mean kv.memory?']);
  });

  it('gives a binding or a code for every text', () => {
    const part = fc.constantFrom('kv', 'http', '=', ':', '.', '::', 'memory', 'disk', ',', 'x');
    const text = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (bind) => {
        expect(codesOf(() => parseBind(bind)).length).toBeLessThan(2);
      }),
    );
  });
});

describe('provider kinds', () => {
  it('can all be opened', () => {
    expect(Object.keys(OPENERS)).toEqual(PROVIDER_KINDS.map((kind) => kind.kind));
  });

  it.each([
    ['kv.memory', {}, { maxValueBytes: 0 }, 'the setting config.maxValueBytes is not valid'],
    ['kv.memory', {}, { ttl: 1 }, 'config has no setting "ttl"'],
    ['kv.disk', {}, {}, 'the setting connect.folder is missing'],
    ['kv.disk', { folder: 7 }, {}, 'the setting connect.folder is not valid'],
    ['http.undici', {}, { allow: ['a b'] }, 'the setting config.allow is not valid'],
    ['http.undici', {}, { constructor: 1 }, 'config has no setting "constructor"'],
    ['http.reqwest', {}, { allow: ['a.example'], maxRedirects: 0 }, undefined],
  ])('%s %j %j', (kind, connect, config, problem) => {
    expect(settingsProblem(providerKind(kind), { connect, config })).toBe(problem);
  });
});

describe('generateLock', () => {
  const flowId = '2d25af79-7d05-5ede-b8e3-b3698f01adf5';

  it('gives the hashes of the 0.1 contract', () => {
    const preflight = generateLock({
      flowId,
      requiredHints: ['resource::kv::read'],
      binds: ['kv=memory'],
    });
    expect(preflight.text).toBe(`{
  "version": 1,
  "generated_at": "1970-01-01T00:00:00Z",
  "content_hash": "ca207c206ef6f16ddf11ce59125755b2f09308fc7602af98dc05d9d4cad053af",
  "instances": {
    "kv_memory": {
      "provider_kind": "kv.memory",
      "provides": [
        "resource::kv"
      ],
      "connect": {},
      "config": {},
      "isolation": []
    }
  },
  "flows": {
    "2d25af79-7d05-5ede-b8e3-b3698f01adf5": {
      "use": {
        "resource::kv::read": "kv_memory"
      }
    }
  }
}
`);
    const spill = generateLock({
      flowId: '46d6e4de-06d8-549b-99c1-faf7981fc91c',
      requiredHints: ['resource::blob::write'],
      binds: ['blob=memory'],
    });
    expect(spill.lock.content_hash).toBe(
      'a54f3ae1dfa23ffbbe21293b8171534442e101068d531e5312c6fd7c51d10d1e',
    );
  });

  it('locks what the flow needs and no more, whatever the order of the binds', () => {
    const requiredHints = [
      'resource::kv::write',
      'resource::http::write',
      'resource::clock',
      'resource::kv::read',
      'resource::http::read',
    ];
    const binds = ['kv=disk:./d', 'http.read=undici:a.example', 'http.write=undici', 'blob=memory'];
    const { lock, text } = generateLock({ flowId, requiredHints, binds });
    expect(lock.flows[flowId]!.use).toEqual({
      'resource::clock': 'clock_system',
      'resource::http::read': 'http_undici',
      'resource::http::write': 'http_undici_2',
      'resource::kv::read': 'kv_disk',
      'resource::kv::write': 'kv_disk',
    });
    expect(Object.keys(lock.instances)).toEqual([
      'clock_system',
      'http_undici',
      'http_undici_2',
      'kv_disk',
    ]);
    expect(lock.instances['kv_disk']!.connect).toEqual({ folder: './d' });
    const reversed = generateLock({
      flowId,
      requiredHints: requiredHints.toReversed(),
      binds: binds.toReversed(),
    });
    expect(reversed.text).toBe(text);
  });

  it('locks the store of a cache tier', () => {
    const requiredHints = ['resource::cache::disk', 'resource::cache::redis'];
    const binds = ['cache=redis:redis://127.0.0.1', 'cache.disk=disk:./d'];
    const { lock, text } = generateLock({ flowId, requiredHints, binds });
    expect(lock.flows[flowId]!.use).toEqual({
      'resource::cache::disk': 'cache_disk',
      'resource::cache::redis': 'cache_redis',
    });
    expect(verifyLock(text, { flowId, requiredHints })).toEqual(lock);
    const swapped = {
      ...lock,
      flows: { [flowId]: { use: { [requiredHints[0]!]: 'cache_redis' } } },
    };
    const wrong = JSON.stringify({ ...swapped, content_hash: contentHash(swapped) });
    expect(codesOf(() => verifyLock(wrong))).toEqual(['BIND016']);
    expect(codesOf(() => generateLock({ flowId, requiredHints, binds: ['cache=memory'] }))).toEqual(
      ['BIND015', 'BIND015'],
    );
  });

  it('names every hint that is not bound, and binds that contradict', () => {
    const requiredHints = ['resource::kv::read', 'resource::db::read', 'resource::clock', 'x'];
    expect(codesOf(() => generateLock({ flowId, requiredHints, binds: [] }))).toEqual([
      'BIND015',
      'BIND015',
      'BIND015',
    ]);
    const binds = ['kv=memory', 'kv::read=disk:./d'];
    expect(codesOf(() => generateLock({ flowId, requiredHints: [], binds }))).toEqual(['BIND006']);
    expect(codesOf(() => generateLock({ flowId, requiredHints: [], binds: ['kv'] }))).toEqual([
      'BIND001',
    ]);
  });
});
