import fc from 'fast-check';
import { readTomlSource } from './toml-source.js';

const TEXT = `schemaVersion = "2.0" # first
"quoted key" = 'x # no comment'
text = """
[not.a.table]
key = 1 \\"""
"""

[inputs.'a.b']
summary = "s"
schema = '''
{"type": "string"}'''
list = [
  1, # one
  "]",
]

[[deps]]
id = "one"
[[deps]]
id = "two"
[deps.more]
x.y = { z = 1 }
`;

test('tables, keys and arrays of tables have places', () => {
  const source = readTomlSource(TEXT, 'lcp.toml');
  if (source.kind !== 'read') throw new Error(source.reason);
  const lineOf = (...path: (string | number)[]) => source.at(path).line;
  expect(lineOf('schemaVersion')).toBe(1);
  expect(lineOf('quoted key')).toBe(2);
  expect(lineOf('text')).toBe(3);
  expect(lineOf('inputs', 'a.b')).toBe(8);
  expect(lineOf('inputs', 'a.b', 'schema')).toBe(10);
  expect(lineOf('inputs', 'a.b', 'list', 1)).toBe(12);
  expect(lineOf('deps', 0, 'id')).toBe(18);
  expect(lineOf('deps', 1, 'id')).toBe(20);
  expect(lineOf('deps', 1, 'more', 'x', 'y', 'z')).toBe(22);
  expect(source.at(['deps', 1, 'id'])).toEqual({
    file: 'lcp.toml',
    pointer: '/deps/1/id',
    line: 20,
    column: 1,
  });
  expect(source.at(['absent'])).toMatchObject({ line: 1, column: 1 });
});

test.each([
  ['a = = 1\n', 1],
  ['a = 1\nb = [1,\n', 3],
  ['[a]\nb = 1\nb = 2\n', 3],
])('%j is broken in line %i', (text, line) => {
  expect(readTomlSource(text, 'f.toml')).toMatchObject({ kind: 'broken', at: { line } });
});

test('any entries are placed in their lines', () => {
  const key = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 8 }), (keys) => {
      const text = keys.map((name) => `${JSON.stringify(name)} = "x"`).join('\n');
      const source = readTomlSource(text, 'f.toml');
      if (source.kind === 'broken') return;
      keys.forEach((name, i) => expect(source.at([name]).line).toBe(i + 1));
    }),
  );
});

test('any text is read or broken', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const source = readTomlSource(text, 'f.toml');
      if (source.kind === 'read') expect(source.at([]).file).toBe('f.toml');
      else expect(source.reason).not.toBe('');
    }),
  );
});
