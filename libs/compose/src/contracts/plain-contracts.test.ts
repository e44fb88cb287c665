// The contracts that only compute: array, object, string, json, parse, hash, path, value, number, env.
import type { Value } from '@basalt/ir';
import fc from 'fast-check';
import { callContract, contractFailure } from '../testing/run-contract.js';
import type { State } from '../run/state.js';

test.each<[string, State, Value]>([
  ['core/array/length', { items: [1, 2] }, { length: 2 }],
  ['core/array/push', { items: [1], value: null }, { items: [1, null], length: 2 }],
  ['core/array/append', { array: [1], items: [2, 3] }, { value: [1, 2, 3], length: 3 }],
  ['core/array/append', { array: [1], item: [2] }, { value: [1, [2]], length: 2 }],
  ['core/array/shift', { items: [1, 2, 3] }, { head: 1, rest: [2, 3] }],
  ['core/array/shift', { items: [] }, { head: null, rest: [] }],
  [
    'core/object/get',
    { object: { a: [{ b: 5 }] }, path: ['a', 0, 'b'] },
    { value: 5, found: true },
  ],
  ['core/object/get', { object: {}, path: ['a'], default: 7 }, { value: 7, found: false }],
  ['core/object/get', { object: { a: null }, path: ['a'] }, { value: null, found: true }],
  ['core/object/get', { object: {}, path: ['__proto__'] }, { value: null, found: false }],
  [
    'core/object/set',
    { object: { a: { b: 1 }, z: 9 }, path: ['a', 'c', 'd'], value: 2 },
    { object: { a: { b: 1, c: { d: 2 } }, z: 9 }, created: true },
  ],
  [
    'core/object/set',
    { object: { a: [1, 2] }, path: ['a', 1], value: 5 },
    { object: { a: [1, 5] }, created: false },
  ],
  [
    'core/object/merge',
    { left: { a: 1, b: { x: 1 } }, right: { c: 3, b: { y: 2 }, a: 4 } },
    { value: { a: 4, b: { y: 2 }, c: 3 }, conflicts: ['a', 'b'] },
  ],
  [
    'core/object/merge',
    {
      left: { b: { x: [1] } },
      right: { b: { x: [2], y: 2 } },
      deep: true,
      arrayStrategy: 'concat',
    },
    { value: { b: { x: [1, 2], y: 2 } }, conflicts: ['b'] },
  ],
  [
    'core/object/entries',
    { object: { b: 1, a: 2 } },
    {
      entries: [
        ['b', 1],
        ['a', 2],
      ],
    },
  ],
  [
    'core/string/format',
    { template: '{a.b[0]} {{x}} {n} {m}', values: { a: { b: ['one'] }, m: { k: 1 } } },
    { value: 'one {x}  {"k":1}', missing: ['n'] },
  ],
  [
    'core/string/format',
    { template: '{x}', values: {}, fallback: '?' },
    { value: '?', missing: ['x'] },
  ],
  ['core/string/split', { text: 'a, b,,c', separator: ',' }, { segments: ['a', ' b', '', 'c'] }],
  [
    'core/string/split',
    { text: 'a, b,,c', separator: ',', trim: true, removeEmpty: true, limit: 2 },
    { segments: ['a', 'b'] },
  ],
  ['core/string/split', { text: 'a\u{1F600}', separator: '' }, { segments: ['a', '\u{1F600}'] }],
  ['core/string/trim', { value: ' a ' }, { value: 'a' }],
  ['core/string/trim', { value: ' a ', mode: 'start' }, { value: 'a ' }],
  ['core/string/trim', { value: ' a ', mode: 'end' }, { value: ' a' }],
  ['core/json/encode', { value: { b: 1, a: [null] } }, { text: '{"b":1,"a":[null]}', bytes: 18 }],
  [
    'core/json/encode',
    { value: { b: { d: '\u00e9' }, a: [] }, sortKeys: true, space: 1, asciiOnly: true },
    { text: '{\n "a": [],\n "b": {\n  "d": "\\u00e9"\n }\n}', bytes: 40 },
  ],
  ['core/json/decode', { text: '{"a":[1]}' }, { value: { a: [1] }, bytes: 9 }],
  ['core/parse/json', { text: '7b7d', encoding: 'hex' }, { value: {}, bytes: 2, validated: false }],
  [
    'core/parse/toml',
    { text: 'a = 1\n[b]\nc = "x"' },
    { value: { a: 1, b: { c: 'x' } }, bytes: 17 },
  ],
  [
    'core/parse/csv',
    { text: 'name,n\r\n"a ""q"", b",1\n\nc,2\n' },
    {
      rows: [
        { name: 'a "q", b', n: '1' },
        { name: 'c', n: '2' },
      ],
      columns: ['name', 'n'],
      bytes: 28,
    },
  ],
  [
    'core/parse/csv',
    { text: "1; 'x\ny' \n2;", delimiter: ';', quote: "'", trim: true, header: false },
    { rows: [['1', "'x"], ["y'"], ['2', '']], columns: [], bytes: 12 },
  ],
  [
    'core/parse/csv',
    { text: '1,2\n3', header: ['a', 'b'], maxRows: 5 },
    {
      rows: [
        { a: '1', b: '2' },
        { a: '3', b: null },
      ],
      columns: ['a', 'b'],
      bytes: 5,
    },
  ],
  [
    'core/hash/sha256',
    { data: 'YWJj', encoding: 'base64' },
    {
      hex: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      base64: 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
      bytes: 3,
    },
  ],
  ['core/path/dirname', { path: '/a/b.txt' }, { dirname: '/a' }],
  ['core/path/is_absolute', { path: 'a' }, { absolute: false }],
  ['core/path/to_file_url', { path: '/a b' }, { url: 'file:///a%20b/' }],
  ['core/value/kind', { value: [1] }, { kind: 'array' }],
  ['core/value/kind', { value: { a: 1 } }, { kind: 'object' }],
  ['core/value/kind', {}, { kind: 'null' }],
  ['core/value/kind', { value: 10n ** 20n }, { kind: 'number' }],
  ['core/value/equals', { left: { a: [1], b: 2 }, right: { b: 2, a: [1] } }, { equal: true }],
  ['core/value/equals', { left: 0, right: false }, { equal: false }],
  ['core/value/clone', { value: { a: 1 } }, { value: { a: 1 } }],
  ['core/number/trunc', { value: -1.7 }, { value: -1 }],
  ['core/number/trunc', { value: -0.5 }, { value: 0 }],
  ['core/env/get', { name: 'NONE' }, { value: null, exists: false }],
  ['core/env/get', { name: 'NONE', default: 'd' }, { value: 'd', exists: false }],
])('%s of %j', async (name, input, expected) => {
  expect(await callContract(name, input)).toEqual(expected);
});

test.each<[string, State, string]>([
  ['core/array/length', {}, 'COMP112'],
  ['core/array/push', { items: [1] }, 'COMP112'],
  ['core/array/push', { items: 'x', value: 1 }, 'COMP112'],
  ['core/object/get', { object: {}, path: 'a' }, 'COMP112'],
  ['core/object/get', { object: {}, path: [{}] }, 'COMP112'],
  ['core/object/set', { object: { a: 1 }, path: ['a', 'b'], value: 1 }, 'COMP112'],
  ['core/object/set', { object: {}, path: ['a'], value: 1, createMissing: false }, 'COMP112'],
  ['core/object/set', { object: { a: [1] }, path: ['a', 5], value: 1 }, 'COMP112'],
  ['core/object/merge', { left: {}, right: {}, arrayStrategy: 'zip' }, 'COMP112'],
  ['core/string/format', { template: '{x}', missingPolicy: 'error' }, 'MISSING_PLACEHOLDER'],
  ['core/string/trim', { value: 3 }, 'COMP112'],
  ['core/json/encode', { value: 1, space: 11 }, 'COMP112'],
  ['core/json/encode', { value: { a: [Number.NaN] } }, 'UNSERIALISABLE'],
  ['core/json/decode', { text: '{"a":}' }, 'JSON_PARSE'],
  ['core/json/decode', { text: '['.repeat(100_000) }, 'JSON_PARSE'],
  ['core/parse/toml', { text: 'a = = 1' }, 'TOML_PARSE'],
  ['core/parse/csv', { text: '"a' }, 'CSV_PARSE'],
  ['core/parse/csv', { text: 'a', delimiter: '::' }, 'COMP112'],
  ['core/parse/json', {}, 'COMP112'],
  ['core/hash/sha256', { data: 'xyz', encoding: 'hex' }, 'COMP112'],
  ['core/number/trunc', { value: '1' }, 'COMP112'],
  ['core/env/get', { name: 'NONE', required: true }, 'COMP117'],
  ['core/http/request', { url: 'http://localhost/' }, 'COMP116'],
  ['core/stream/read', { stream: { id: 'x' } }, 'COMP115'],
])('%s refuses %j', async (name, input, code) => {
  expect((await contractFailure(name, input))[0]).toBe(code);
});

test('the place of a fault in JSON is told', async () => {
  const [, message] = await contractFailure('core/json/decode', { text: '{\n"a":}' });
  expect(message).toBe('The text is no JSON at line 2, column 5: a value is expected.');
});

test('variables that are granted are read and expanded', async () => {
  const host = { environment: { HOME: '/h', DIR: '${HOME}/d', __proto__: 'x' } };
  const get = (input: State) => callContract('core/env/get', input, host);
  expect(await get({ name: 'HOME' })).toEqual({ value: '/h', exists: true });
  expect(await get({ name: 'DIR', expand: true })).toEqual({ value: '/h/d', exists: true });
  expect(await get({ name: 'X', default: '${NO}-${HOME}', expand: true })).toEqual({
    value: '-/h',
    exists: false,
  });
  expect(await get({ name: 'toString' })).toEqual({ value: null, exists: false });
});

test('what encode writes decode reads', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (json) => {
      const value = JSON.parse(JSON.stringify(json)) as Value;
      const { text } = (await callContract('core/json/encode', { value, sortKeys: true })) as State;
      expect(await callContract('core/json/decode', { text: text! })).toMatchObject({ value });
    }),
    { numRuns: 50 },
  );
});

test('cells of CSV come back as they were', async () => {
  const cell = fc.string({ maxLength: 6, unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ') });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(rows, async (written) => {
      const line = (row: readonly string[]) =>
        row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',');
      const text = written.map(line).join('\r\n');
      const read = await callContract('core/parse/csv', { text, header: false });
      expect((read as State)['rows']).toEqual(written);
    }),
    { numRuns: 100 },
  );
});
