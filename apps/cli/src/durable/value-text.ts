// Values in one line of a terminal: JSON, cut where it is long, without anything that moves the cursor.
import { printable } from '@basalt/diagnostics';
import { valueToJson, type Value } from '@basalt/ir';

const WIDTH = 80;

/** @param full Do not cut. */
export function valueText(value: Value | undefined, full = false): string {
  if (value === undefined) return '';
  const text = printable(JSON.stringify(valueToJson(value)));
  return full || text.length <= WIDTH ? text : `${text.slice(0, WIDTH)}... (${text.length})`;
}
