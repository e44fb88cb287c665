import fc from 'fast-check';
import { HINT_REGISTRY, lookupHint } from './hint-registry.js';

const OPS = {
  http: ['read', 'write'],
  db: ['read', 'write'],
  kv: ['read', 'write'],
  blob: ['read', 'write'],
  queue: ['publish', 'consume'],
  dedupe: ['read', 'write'],
  cache: ['read', 'write', 'disk', 'redis'],
  fs: ['read', 'write'],
  git: ['read', 'write'],
};
const SINGLE = ['clock', 'rng', 'secrets', 'log', 'env'];

describe('the registry of hints', () => {
  it('covers each domain and operation once', () => {
    const expected = Object.entries(OPS).flatMap(([domain, ops]) => [
      `resource::${domain}`,
      ...ops.map((op) => `resource::${domain}::${op}`),
    ]);
    expected.push(...SINGLE.map((domain) => `resource::${domain}`));
    expect(HINT_REGISTRY.map((e) => e.hint).sort()).toEqual(expected.sort());
  });

  it('asks what the 0.1 contract asks', () => {
    const effects = (hint: string) => lookupHint(hint)?.effects;
    for (const hint of ['http::read', 'db::read', 'kv::read', 'blob::read', 'queue::consume']) {
      expect([hint, effects(`resource::${hint}`)]).toEqual([hint, 'read_only']);
    }
    for (const hint of ['http', 'db', 'kv', 'blob', 'dedupe'].map((d) => `${d}::write`)) {
      expect([hint, effects(`resource::${hint}`)]).toEqual([hint, 'effectful']);
    }
    expect(effects('resource::queue::publish')).toBe('effectful');
    for (const domain of ['clock', 'rng', 'http', 'db', 'kv', 'blob', 'queue', 'dedupe']) {
      expect(lookupHint(`resource::${domain}`)?.determinism).toBe('best_effort');
    }
  });

  it('is frozen', () => {
    expect(Object.isFrozen(HINT_REGISTRY)).toBe(true);
    expect(HINT_REGISTRY.every((entry) => Object.isFrozen(entry))).toBe(true);
  });
});

describe('lookupHint', () => {
  it('takes the longest prefix of whole segments', () => {
    expect(lookupHint('resource::blob::write::archive')?.hint).toBe('resource::blob::write');
    expect(lookupHint('resource::http::trace')?.hint).toBe('resource::http');
    expect(lookupHint('resource::httpx')).toBeUndefined();
    expect(lookupHint('resource')).toBeUndefined();
    expect(lookupHint('')).toBeUndefined();
    expect(lookupHint('__proto__')).toBeUndefined();
    expect(lookupHint('::'.repeat(1_000_000))).toBeUndefined();
  });

  it('finds a segment-wise prefix of its argument or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (tail) => {
        for (const { hint } of HINT_REGISTRY) {
          const found = lookupHint(`${hint}::${tail}`)?.hint;
          expect(`${hint}::${tail}`.startsWith(`${found}`)).toBe(true);
          expect(found!.length).toBeGreaterThanOrEqual(hint.length);
        }
      }),
    );
  });
});
