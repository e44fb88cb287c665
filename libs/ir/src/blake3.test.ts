import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { anyValue } from '../test/any-value.js';
import { hashBytes, hashValue, idempotencyKey, type IdempotencyParts } from './blake3.js';
import { encodeCanonical } from './canonical-cbor.js';
import { valueFromJson } from './value-json.js';

const vectors = JSON.parse(
  readFileSync(new URL('../../../schemas/vectors/idempotency-key.json', import.meta.url), 'utf8'),
) as {
  keys: {
    flow: string;
    node: string;
    partition: unknown;
    fields: unknown;
    cbor: string;
    key: string;
  }[];
};

// From the official BLAKE3 test vectors: input bytes are 0, 1, 2, ... 250, 0, 1, ...
test.each([
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
])('BLAKE3 of %d bytes', (length, expected) => {
  expect(hashBytes(Uint8Array.from({ length }, (_, i) => i % 251))).toBe(expected);
});

test.each(vectors.keys)('published key of $node', (vector) => {
  const parts: IdempotencyParts = {
    flow: vector.flow,
    node: vector.node,
    fields: valueFromJson(vector.fields) as IdempotencyParts['fields'],
    ...(vector.partition === null ? {} : { partition: valueFromJson(vector.partition) }),
  };
  const bytes = encodeCanonical({
    schema: parts.flow,
    node: parts.node,
    partition: parts.partition ?? null,
    fields: parts.fields,
  });
  expect(Buffer.from(bytes).toString('hex')).toBe(vector.cbor);
  expect(hashBytes(new Uint8Array(Buffer.from(vector.cbor, 'hex')))).toBe(vector.key);
  expect(idempotencyKey(parts)).toBe(vector.key);
});

test('each part changes the key', () => {
  const base: IdempotencyParts = { flow: 'f', node: 'n', fields: { '/id': 1 } };
  const keys = [
    base,
    { ...base, flow: 'g' },
    { ...base, node: 'm' },
    { ...base, partition: 'p' },
    { ...base, fields: { '/id': 2 } },
    { ...base, fields: { '/id': '1' } },
    { ...base, fields: { id: 1 } },
    { ...base, fields: {} },
  ].map(idempotencyKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a hash is 64 hexadecimal digits, and text that is no value is refused', () => {
  fc.assert(fc.property(anyValue(), (value) => expect(hashValue(value)).toMatch(/^[0-9a-f]{64}$/)));
  expect(() => idempotencyKey({ flow: '\ud800', node: 'n', fields: {} })).toThrow('DOC034');
});
