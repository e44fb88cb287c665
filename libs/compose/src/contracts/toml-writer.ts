// Values as TOML 1.0: entries of a table before its tables, keys in the order of the map. TOML has no null:
// entries that are null are left out.
import type { Value } from '@basalt/ir';
import { isMap, type ValueMap } from '../document/plain-values.js';
import { ComposeError } from '../run/compose-error.js';

export function writeToml(value: ValueMap): string {
  const lines: string[] = [];
  writeTable(value, [], lines);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function writeTable(table: ValueMap, path: readonly string[], lines: string[]): void {
  const entries = Object.entries(table).filter(([, value]) => value !== null);
  for (const [key, value] of entries) {
    if (!isTable(value)) lines.push(`${keyText(key)} = ${inline(value)}`);
  }
  for (const [key, value] of entries) {
    if (!isTable(value)) continue;
    const name = [...path, key];
    const isArray = Array.isArray(value);
    for (const one of (isArray ? value : [value]) as readonly ValueMap[]) {
      if (lines.length > 0) lines.push('');
      const header = name.map(keyText).join('.');
      lines.push(isArray ? `[[${header}]]` : `[${header}]`);
      writeTable(one, name, lines);
    }
  }
}

/** What is written as tables of its own: maps, and lists of maps. */
function isTable(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item: Value) => isMap(item));
  return isMap(value);
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : basicString(key);
}

function basicString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

function inline(value: Value): string {
  if (typeof value === 'string') return basicString(value);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Uint8Array) return basicString(Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) {
    if (value.includes(null))
      throw new ComposeError('UNSERIALISABLE', 'A TOML list holds no null.');
    return `[${(value as readonly Value[]).map(inline).join(', ')}]`;
  }
  if (isMap(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== null);
    return `{ ${entries.map(([key, item]) => `${keyText(key)} = ${inline(item)}`).join(', ')} }`;
  }
  return String(value);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return Number.isSafeInteger(value) || /[.e]/.test(text) ? text : `${text}.0`;
}
