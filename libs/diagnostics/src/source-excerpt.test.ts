import { sourceExcerpt } from './source-excerpt.js';

const source = '{\r\n\t"from": "a",\n  "to": "b"\n}';

describe('sourceExcerpt', () => {
  test('points at the column', () => {
    expect(sourceExcerpt(source, 3, 3)).toEqual(['3 |   "to": "b"', '  |   ^']);
  });

  test('shows a tab as one space, and no line ending', () => {
    expect(sourceExcerpt(source, 2, 2)).toEqual(['2 |  "from": "a",', '  |  ^']);
    expect(sourceExcerpt(source, 1, 1)).toEqual(['1 | {', '  | ^']);
  });

  test('points at the start without a column, and at the end for one past it', () => {
    expect(sourceExcerpt(source, 4, undefined)).toEqual(['4 | }', '  | ^']);
    expect(sourceExcerpt(source, 4, 999)).toEqual(['4 | }', '  |  ^']);
  });

  test('gives nothing for a line that does not exist', () => {
    expect(sourceExcerpt(source, 5, 1)).toBeUndefined();
    expect(sourceExcerpt('', 2, 1)).toBeUndefined();
  });

  test('cuts a long line around the column', () => {
    const long = `${'a'.repeat(5000)}X${'b'.repeat(5000)}`;
    expect(sourceExcerpt(long, 1, 5001)).toEqual([
      `1 | ...${'a'.repeat(50)}X${'b'.repeat(49)}...`,
      `  | ${' '.repeat(53)}^`,
    ]);
  });

  test('keeps control characters away from the terminal', () => {
    expect(sourceExcerpt('a\u001b[31mb', 1, 7)).toEqual(['1 | a\\u001b[31mb', '  |            ^']);
  });
});
