import fc from 'fast-check';
import type { ShownJson } from '../../viewer-protocol.js';
import { jsonText } from './json-text.js';

describe('jsonText', () => {
  it('keeps what is short on one line, and breaks what is not', () => {
    expect(jsonText({ id: 'a', lines: [{ sku: 'x', n: 1 }] })).toBe(
      '{ "id": "a", "lines": [{ "sku": "x", "n": 1 }] }',
    );
    const long = 'word '.repeat(12);
    expect(jsonText({ text: long, none: {}, list: [] })).toBe(
      `{\n  "text": "${long}",\n  "none": {},\n  "list": []\n}`,
    );
    expect(['', 0, null, true, [], {}].map((json) => jsonText(json))).toEqual([
      '""',
      '0',
      'null',
      'true',
      '[]',
      '{}',
    ]);
  });

  it('is JSON of the same value', () => {
    const value = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<ShownJson>;
    fc.assert(
      fc.property(value, (json) => {
        expect(JSON.parse(jsonText(json))).toEqual(JSON.parse(JSON.stringify(json)));
      }),
      { numRuns: 100 },
    );
  });
});
