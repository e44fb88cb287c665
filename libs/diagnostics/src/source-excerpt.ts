// The line of source that a finding is about, with a caret under its column.
import { printable } from './printable.js';

/** Longest part of a line that is shown, in UTF-16 units; a minified document is one long line. */
const WIDTH = 100;

/** Two lines of text (the source line and its caret), or nothing when the place is not in the text.
 * Line and column count from 1, columns in UTF-16 units. */
export function sourceExcerpt(
  source: string,
  line: number,
  column: number | undefined,
): readonly [code: string, caret: string] | undefined {
  const text = lineOf(source, line);
  if (text === undefined) return undefined;
  const at = Math.min(Math.max((column ?? 1) - 1, 0), text.length);
  const start = at <= WIDTH - 20 ? 0 : at - Math.floor(WIDTH / 2);
  const before = text.slice(start, at).replaceAll('\t', ' ');
  const rest = text.slice(at, start + WIDTH).replaceAll('\t', ' ');
  const head = (start > 0 ? '...' : '') + printable(before);
  const tail = start + WIDTH < text.length ? '...' : '';
  const gutter = String(line);
  return [
    `${gutter} | ${head}${printable(rest)}${tail}`,
    `${' '.repeat(gutter.length)} | ${' '.repeat(head.length)}^`,
  ];
}

/** The n-th line without its ending; found by scanning, so that a large file is not split up. */
function lineOf(source: string, line: number): string | undefined {
  let start = 0;
  for (let n = 1; n < line; n += 1) {
    const end = source.indexOf('\n', start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  const end = source.indexOf('\n', start);
  return source.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
}
