// Values as JSON texts: integers of any size as numbers, bytes as base64, numbers without a JSON form as null.
import type { Value } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';

export interface JsonStyle {
  /** Spaces of an indent; 0 for one line. */
  readonly space?: number;
  readonly sortKeys?: boolean;
  /** Escapes everything beyond ASCII. */
  readonly asciiOnly?: boolean;
}

export function writeJson(value: Value, style: JsonStyle = {}): string {
  const { space = 0, sortKeys = false, asciiOnly = false } = style;
  const text = write(value, '', ' '.repeat(space), sortKeys);
  return asciiOnly ? text.replace(/[\u0080-\uffff]/g, escaped) : text;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function write(value: Value, margin: string, indent: string, sortKeys: boolean): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) {
    const items = (value as readonly Value[]).map((item) =>
      write(item, margin + indent, indent, sortKeys),
    );
    return enclosed('[', items, ']', margin, indent);
  }
  if (isMap(value)) {
    const keys = sortKeys ? Object.keys(value).sort() : Object.keys(value);
    const gap = indent === '' ? ':' : ': ';
    const items = keys.map(
      (key) =>
        `${JSON.stringify(key)}${gap}${write(value[key]!, margin + indent, indent, sortKeys)}`,
    );
    return enclosed('{', items, '}', margin, indent);
  }
  return JSON.stringify(value);
}

function enclosed(
  open: string,
  items: readonly string[],
  close: string,
  margin: string,
  indent: string,
): string {
  if (items.length === 0) return open + close;
  if (indent === '') return open + items.join(',') + close;
  const inner = `\n${margin}${indent}`;
  return `${open}${inner}${items.join(`,${inner}`)}\n${margin}${close}`;
}
