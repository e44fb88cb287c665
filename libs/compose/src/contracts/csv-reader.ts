// CSV as RFC 4180 has it: quotes are doubled inside quotes, line ends are \r\n, \n or \r, and a line end inside
// quotes belongs to the cell.
import { ComposeError } from '../run/compose-error.js';

export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string;
  /** Takes spaces off cells without quotes. */
  readonly trim: boolean;
}

/** Rows of cells. An empty line has no row. Throws CSV_PARSE where quotes are not closed. */
export function parseCsv(text: string, dialect: CsvDialect): readonly (readonly string[])[] {
  const { delimiter, quote, trim } = dialect;
  const rows: string[][] = [];
  let row: string[] = [];
  let offset = text.startsWith('\ufeff') ? 1 : 0;
  const endRow = () => {
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (;;) {
    if (text[offset] === quote) {
      const [cell, end] = quotedCell(text, offset, quote);
      row.push(cell);
      offset = end;
      const rest = cellEnd(text, offset, delimiter);
      row[row.length - 1] += trim ? text.slice(offset, rest).trim() : text.slice(offset, rest);
      offset = rest;
    } else {
      const end = cellEnd(text, offset, delimiter);
      const cell = text.slice(offset, end);
      row.push(trim ? cell.trim() : cell);
      offset = end;
    }
    if (text[offset] === delimiter) {
      offset += 1;
      continue;
    }
    endRow();
    if (offset >= text.length) return rows;
    offset += text.startsWith('\r\n', offset) ? 2 : 1;
    if (offset >= text.length) return rows;
  }
}

/** Where a cell without quotes ends. */
function cellEnd(text: string, from: number, delimiter: string): number {
  let end = from;
  while (end < text.length) {
    const at = text[end];
    if (at === delimiter || at === '\n' || at === '\r') break;
    end += 1;
  }
  return end;
}

function quotedCell(text: string, from: number, quote: string): [cell: string, end: number] {
  let cell = '';
  let start = from + 1;
  for (;;) {
    const end = text.indexOf(quote, start);
    if (end < 0) {
      const message = `The cell that begins at offset ${from} has no closing quote.`;
      throw new ComposeError('CSV_PARSE', message, { offset: from });
    }
    cell += text.slice(start, end);
    if (text[end + 1] !== quote) return [cell, end + 1];
    cell += quote;
    start = end + 2;
  }
}
