import fc from 'fast-check';
import type { Rng } from '../capability-set.js';
import { rngFromWords } from './rng-from-words.js';
import { deriveRng, seededRng } from './seeded-rng.js';
import { systemRng } from './system-rng.js';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const draw = (rng: Rng) => [
  rng.next(),
  rng.int(6),
  rng.int(2 ** 40),
  [...rng.bytes(5)],
  rng.uuid(),
];

describe.each<[string, () => Rng]>([
  ['seededRng', () => seededRng('test')],
  ['systemRng', systemRng],
])('%s', (_, make) => {
  it('stays in range', () => {
    const rng = make();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), fc.nat(40), (bound, n) => {
        const drawn = rng.int(bound);
        expect(Number.isSafeInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true);
        expect(rng.next()).toBeLessThan(1);
        expect(rng.bytes(n)).toHaveLength(n);
        expect(rng.uuid()).toMatch(UUID_V4);
      }),
    );
  });

  it.each([0, -1, 1.5, NaN, 2 ** 53])('refuses int(%p)', (bound) => {
    expect(() => make().int(bound)).toThrow(RangeError);
  });

  it.each([-1, 1.5, NaN])('refuses bytes(%p)', (length) => {
    expect(() => make().bytes(length)).toThrow(RangeError);
  });
});

describe('rngFromWords', () => {
  it('draws again where the last block is incomplete', () => {
    const words = [0xffffffff, 0xfffffffe, 7];
    expect(rngFromWords(() => words.shift()!).int(3)).toBe(0xfffffffe % 3);
    const wide = [0xffffffff, 0xffffffff, 0, 64];
    expect(rngFromWords(() => wide.shift()!).int(2 ** 52 + 1)).toBe(1);
  });

  it('fills the 53 bits of next', () => {
    expect(rngFromWords(() => 0xffffffff).next()).toBe(1 - 2 ** -53);
    expect(rngFromWords(() => 0).next()).toBe(0);
  });
});

describe('seededRng', () => {
  it('gives the published values of its seed', () => {
    expect(draw(seededRng(42))).toMatchInlineSnapshot(`
      [
        0.39652546693624435,
        3,
        404280673242,
        [
          76,
          13,
          190,
          247,
          202,
        ],
        "706a0f39-137a-41d3-9abf-eb0ed65acac4",
      ]
    `);
    expect(draw(deriveRng('basalt', 'node:fetch'))).toMatchInlineSnapshot(`
      [
        0.972515396794828,
        3,
        117042666050,
        [
          47,
          230,
          97,
          51,
          121,
        ],
        "19b9eaca-49b8-45d8-bc40-4e43b527ed18",
      ]
    `);
  });

  it('tells a number from its text, and one label from another', () => {
    const first = [seededRng(1), seededRng('1'), deriveRng(1, ''), deriveRng(1, 'a')].map((rng) =>
      rng.next(),
    );
    expect(new Set(first).size).toBe(4);
  });

  it('derives children from labels alone, not from what was drawn', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(20), (seed, label, drawn) => {
        const rng = seededRng(seed);
        for (let i = 0; i < drawn; i += 1) rng.next();
        expect(draw(rng.child(label))).toEqual(draw(deriveRng(seed, label)));
        expect(draw(rng.child(label).child('x'))).not.toEqual(draw(rng.child(label)));
      }),
    );
  });

  it('spreads evenly', () => {
    const rng = seededRng(7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 100_000; i += 1) counts[rng.int(10)]! += 1;
    // Chi-square with 9 degrees of freedom: 27.9 is the 0.1 % point; the seed is fixed.
    const chi = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(27.9);
  });

  it('refuses NaN as a seed', () => {
    expect(() => seededRng(NaN)).toThrow(RangeError);
  });
});
