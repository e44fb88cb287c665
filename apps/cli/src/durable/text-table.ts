// Columns of text for a terminal.
import { printable } from '@basalt/diagnostics';

/** Rows under a head; the last column is not padded. Nothing in a cell can move the cursor. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  bold: (text: string) => string,
): string {
  const cells = rows.map((row) => row.map((cell) => printable(cell)));
  const widths = head.map((word, column) =>
    Math.max(word.length, ...cells.map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]!))).join('  ');
  return [bold(line(head)), ...cells.map(line)].map((text) => `${text}\n`).join('');
}
