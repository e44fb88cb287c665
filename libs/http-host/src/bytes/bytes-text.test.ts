import { flowId, type FlowIR, type Value } from '@basalt/ir';
import fc from 'fast-check';
import { bytesPlaceOf, type BytesPlace } from './bytes-place.js';
import { NoBase64Error, readBytes, showBytes } from './bytes-text.js';

const bytes = { type: 'string', contentEncoding: 'base64' };
const text = { type: 'string' };
const props = (properties: object) => ({ type: 'object', properties });
const given = new Uint8Array([0, 255, 7]);
const asText = 'AP8H';

function placeOf(schema: object): BytesPlace | undefined {
  const ir = { id: flowId('f', '1.0.0'), schemas: { S: schema } } as unknown as FlowIR;
  return bytesPlaceOf(ir, { kind: 'named', name: 'S' });
}

const tree = {
  $defs: { Tree: { $id: 'Tree', ...props({ data: bytes, below: { $ref: 'Tree' } }) } },
  $ref: 'Tree',
};

/** Schema, a value with base64 text, and the value that it stands for. */
const CASES: readonly (readonly [string, object, Value, Value])[] = [
  ['a whole value', bytes, asText, given],
  ['nothing', bytes, '', new Uint8Array()],
  ['a member', props({ a: bytes, b: text }), { a: asText, b: asText }, { a: given, b: asText }],
  ['any member', { additionalProperties: bytes }, { x: asText }, { x: given }],
  ['items', { type: 'array', items: bytes }, [asText, asText], [given, given]],
  [
    'places of a list',
    { prefixItems: [text, bytes], items: props({ a: bytes }) },
    [asText, asText, { a: asText }, { a: asText }],
    [asText, given, { a: given }, { a: given }],
  ],
  [
    'bytes or null',
    props({ a: { anyOf: [bytes, { type: 'null' }] } }),
    { a: asText },
    { a: given },
  ],
  ['null at their place', { type: ['string', 'null'], contentEncoding: 'base64' }, null, null],
  [
    'one of two kinds of maps',
    {
      oneOf: [props({ kind: { const: 'raw' }, a: bytes }), props({ kind: { const: 'n' }, n: {} })],
    },
    { kind: 'raw', a: asText },
    { kind: 'raw', a: given },
  ],
  [
    'schemas that hold together',
    { allOf: [props({ a: text }), props({ a: { contentEncoding: 'base64' } })] },
    { a: asText },
    { a: given },
  ],
  [
    'a pointer in the document',
    { definitions: { 'a/b': bytes }, ...props({ x: { $ref: '#/definitions/a~1b' } }) },
    { x: asText },
    { x: given },
  ],
  [
    'a schema inside itself',
    tree,
    { data: asText, below: { data: asText, below: { below: { data: asText } } } },
    { data: given, below: { data: given, below: { below: { data: given } } } },
  ],
];

describe('base64 text and bytes', () => {
  it.each(CASES)('stand for each other in %s', (_name, schema, outside, inside) => {
    const place = placeOf(schema)!;
    expect(readBytes(place, outside)).toEqual(inside);
    expect(showBytes(place, inside)).toEqual(outside);
  });

  it.each<[string, object, Value]>([
    ['may also be text', props({ a: { anyOf: [bytes, text] } }), { a: asText }],
    ['may be anything', props({ a: { anyOf: [bytes, {}] } }), { a: asText }],
    ['is encoded otherwise', { allOf: [{ contentEncoding: 'base32' }, { items: bytes }] }, asText],
    ['refers to nothing', { ...props({ a: { $ref: '#/none' } }), $defs: { b: bytes } }, { a: 'x' }],
    ['refers to itself alone', { $ref: '#', $defs: { b: bytes } }, asText],
    ['has too many alternatives', { anyOf: Array.from({ length: 70 }, () => bytes) }, asText],
  ])('leave alone a place that %s', (_name, schema, value) => {
    expect(readBytes(placeOf(schema)!, value)).toBe(value);
  });

  it('are not looked for where a schema knows no bytes', () => {
    expect(placeOf(props({ a: text }))).toBeUndefined();
    const none = { schemas: {} } as unknown as FlowIR;
    expect(bytesPlaceOf(none, { kind: 'opaque' })).toBeUndefined();
    expect(bytesPlaceOf(none, { kind: 'named', name: 'toString' })).toBeUndefined();
    const boolean = { schemas: { S: true } } as unknown as FlowIR;
    expect(bytesPlaceOf(boolean, { kind: 'named', name: 'S' })).toBeUndefined();
  });

  it.each(['A', 'AP8', 'AP8H=', 'AP8H\n', ' AP8H', 'AP-H', 'AP_H', 'AB==', '====', '\u00e4AAA'])(
    'take nothing but base64: %j',
    (bad) => {
      const place = placeOf(props({ 'a/b': { type: 'array', items: bytes } }))!;
      const read = () => readBytes(place, { 'a/b': [asText, bad] });
      expect(read).toThrow(new NoBase64Error('/a~1b/1'));
    },
  );

  it('give back any bytes, and copy nothing that has none', () => {
    const place = placeOf({ type: 'array', items: props({ a: bytes }) })!;
    const item = fc.record({ a: fc.uint8Array(), b: fc.jsonValue() as fc.Arbitrary<Value> });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const shown = showBytes(place, items);
        expect(readBytes(place, shown)).toEqual(items);
        const plain = items.map(({ b }) => ({ b }));
        expect(showBytes(place, plain)).toBe(plain);
        expect(readBytes(place, plain)).toBe(plain);
      }),
    );
  });
});
