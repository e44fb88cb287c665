import fc from 'fast-check';
import { readYamlSource } from './yaml-source.js';

const TEXT = `compose:
  - call: a
    in:
      "x y": [1, 2]
`;

function read(text: string, maxAliases?: number) {
  return readYamlSource(text, 'f.yaml', { maxAliases });
}

test('a text is a value whose parts have places', () => {
  const source = read(TEXT);
  if (source.kind !== 'read') throw new Error(source.reason);
  expect(source.value).toEqual({ compose: [{ call: 'a', in: { 'x y': [1, 2] } }] });
  expect(source.at(['compose', 0, 'in', 'x y', 1])).toEqual({
    file: 'f.yaml',
    pointer: '/compose/0/in/x y/1',
    line: 4,
    column: 18,
  });
  expect(source.at(['compose', 0, 'in'])).toMatchObject({ line: 3, column: 5 });
  expect(source.at(['compose', 0, 'no'])).toMatchObject({ line: 2, column: 5 });
});

test.each([
  ['a: 1\na: 2\n', 2, /unique/],
  ['a:\n\t- 1\n', 2, /[Tt]ab/],
  ['a: [1, 2', 1, /./],
  ['a: *none\n', 1, /./],
  ['? [1]\n: 2\n---\nb: 1\n', 3, /multiple documents/],
])('%j is broken in line %i', (text, line, reason) => {
  const source = read(text);
  expect(source).toMatchObject({ kind: 'broken', at: { file: 'f.yaml', line } });
  expect(source.kind === 'broken' && source.reason).toMatch(reason);
});

test('aliases are refused, or bounded', () => {
  const one = 'a: &x [1]\nb: *x\n';
  expect(read(one)).toMatchObject({ kind: 'broken', reason: expect.stringMatching(/alias/i) });
  expect(read(one, 100)).toMatchObject({ kind: 'read', value: { a: [1], b: [1] } });
  const levels = Array.from({ length: 12 }, (_, i) => {
    const inner =
      i === 0
        ? '1, 1'
        : Array(9)
            .fill(`*l${i - 1}`)
            .join(', ');
    return `l${i}: &l${i} [${inner}]`;
  });
  expect(read(levels.join('\n'), 100)).toMatchObject({ kind: 'broken' });
});

test('deep nesting and prototype keys are data or findings', () => {
  expect(read('['.repeat(100_000))).toMatchObject({ kind: 'broken' });
  expect(read('__proto__: {polluted: true}\n').kind).toBe('read');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('any text is read or broken', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(['read', 'broken']).toContain(read(text).kind);
    }),
  );
});

test('what JSON writes is read as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const source = read(JSON.stringify(value));
      expect(source.kind === 'read' && JSON.stringify(source.value)).toBe(JSON.stringify(value));
    }),
  );
});
