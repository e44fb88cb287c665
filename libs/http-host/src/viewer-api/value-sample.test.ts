import { SecretRedactor } from '@basalt/capabilities';
import { encodeCanonical, type Value } from '@basalt/ir';
import fc from 'fast-check';
import { CutValue, estimateBytes, sampleBytes, sampleValue, showSample } from './value-sample.js';

const shown = (value: Value, limit = 4096, redactor?: SecretRedactor) =>
  showSample(sampleValue(value, limit), redactor);

describe('sampleValue', () => {
  it('keeps small values as they are', () => {
    const value = { a: [1, 'two', null], b: { c: true } };
    const sample = sampleValue(value, 4096);
    expect(sample).toBe(value);
    expect(sampleBytes(sample, 4096)).toBe(86);
  });

  it('keeps the beginning of large ones, and says what is missing', () => {
    const list = Array.from({ length: 1000 }, (_, i) => i);
    expect(shown({ list }, 100)).toEqual({
      list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, '... (990 more items)'],
    });
    expect(shown('x'.repeat(100), 30)).toBe(`${'x'.repeat(22)}... (100 characters)`);
    expect(shown(new Uint8Array(5000), 100)).toBe('[5000 bytes]');
    const fields = Object.fromEntries(list.map((i) => [`field_${i}`, i]));
    expect(shown(fields, 60)).toEqual({
      field_0: 0,
      field_1: 1,
      field_2: 2,
      field_3: 3,
      '...': '996 more fields',
    });
  });

  it('cuts no character in half', () => {
    const text = shown('\u{1f600}'.repeat(50), 21) as string;
    expect(text).toBe(`${'\u{1f600}'.repeat(6)}... (100 characters)`);
  });

  it('never keeps much more than its bound, whatever the value', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.string({ maxLength: 300 }),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 30 }),
        fc.dictionary(fc.string({ maxLength: 40 }), tie('value'), { maxKeys: 20 }),
      ),
    })).value as fc.Arbitrary<Value>;
    fc.assert(
      fc.property(value, fc.integer({ min: 16, max: 500 }), (given, limit) => {
        const sample = sampleValue(given, limit);
        expect(sampleBytes(sample, limit)).toBeLessThanOrEqual(limit);
        if (!(sample instanceof CutValue)) expect(sample).toBe(given);
        // Words for what is missing come on top: one for each level.
        else expect(encodeCanonical(sample.value).length).toBeLessThan(2 * limit + 800);
      }),
      { numRuns: 100 },
    );
  });

  it('looks at no more than it keeps', () => {
    let looked = 0;
    const item = new Proxy(
      {},
      { ownKeys: () => ((looked += 1), []), getOwnPropertyDescriptor: () => undefined },
    ) as Value;
    sampleValue(
      Array.from({ length: 100_000 }, () => item),
      160,
    );
    expect(looked).toBeLessThan(100);
  });

  it('stands deep nesting', () => {
    let deep: Value = 'bottom';
    for (let i = 0; i < 200; i += 1) deep = [deep];
    expect(JSON.stringify(shown(deep))).toContain('[nested more deeply]');
  });
});

describe('estimateBytes', () => {
  it('gives up at its limit', () => {
    expect(estimateBytes('x'.repeat(92), 100)).toBe(100);
    expect(estimateBytes('x'.repeat(93), 100)).toBeUndefined();
  });
});

describe('showSample', () => {
  it('takes out what fields with names of secrets hold', () => {
    const value = { user: 'ann', password: 'p', headers: { Authorization: 'Bearer x' } };
    expect(shown(value)).toEqual({
      user: 'ann',
      password: '[redacted]',
      headers: { Authorization: '[redacted]' },
    });
  });

  it('takes out secrets that were read, wherever they are, also at a cut', () => {
    const redactor = new SecretRedactor();
    redactor.add('hunter2-hunter2');
    expect(shown({ note: 'key=hunter2-hunter2;' }, 4096, redactor)).toEqual({
      note: 'key=[redacted];',
    });
    for (let limit = 20; limit < 60; limit += 1) {
      const text = shown(`0123456789hunter2-hunter2${'.'.repeat(500)}`, limit, redactor);
      expect(text).not.toMatch(/hunt/);
    }
  });

  it('takes out secrets that were learned after the sample was taken, at any cut', () => {
    const secret = 'hunter2-hunter2';
    const part = fc.constantFrom('.', 'ab', secret);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.nat({ max: 80 }), (parts, limit) => {
        const redactor = new SecretRedactor();
        const sample = sampleValue({ [parts.join('')]: parts.join('') }, limit);
        redactor.add(secret);
        // Not even its first letter before a cut.
        expect(JSON.stringify(showSample(sample, redactor))).not.toMatch(/h[u.]/);
      }),
      { numRuns: 500 },
    );
  });

  it('takes out secrets that are numbers, or inside bytes, at any place', () => {
    const redactor = new SecretRedactor();
    redactor.add('87654321');
    for (const before of ['', 'a', 'ab', 'abc']) {
      const bytes = new Uint8Array(Buffer.from(`${before}87654321-`));
      expect(shown([bytes, { $bytes: 1 }], 4096, redactor)).toEqual([
        '[redacted]',
        expect.anything(),
      ]);
    }
    expect(shown([87654321, 8765432, 87654321n * 10n ** 20n], 4096, redactor)).toEqual([
      '[redacted]',
      8765432,
      { $int: '[redacted]00000000000000000000' },
    ]);
    const other = new Uint8Array([1, 2]);
    expect(shown(other, 4096, redactor)).toEqual({ $bytes: 'AQI=' });
  });

  it('shows bytes and large integers as JSON can', () => {
    expect(shown({ b: new Uint8Array([1]), i: 2n ** 70n })).toEqual({
      b: { $bytes: 'AQ==' },
      i: { $int: '1180591620717411303424' },
    });
  });
});
