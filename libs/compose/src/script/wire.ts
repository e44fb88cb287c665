// Values on their way into a script and out of it, as JSON. What JSON has no form for is an object with the
// key MARK; a map of the user with that key is refused.
import { checkValue, type Value } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';

/** No text that a person writes. */
export const MARK = '\u0000kind';

export function toWire(value: Value): string {
  return hasSpecial(value) ? JSON.stringify(marked(value)) : JSON.stringify(value);
}

/** Undefined for what is no value. */
export function fromWire(text: string): Value | undefined {
  let value: unknown;
  try {
    value = text.includes('\\u0000kind') ? JSON.parse(text, unmarked) : JSON.parse(text);
  } catch {
    return undefined;
  }
  return checkValue(value) === undefined ? (value as Value) : undefined;
}

function hasSpecial(value: Value): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || Object.is(value, -0);
  if (typeof value === 'bigint' || value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.some((item: Value) => hasSpecial(item));
  return isMap(value) && Object.values(value).some(hasSpecial);
}

function marked(value: Value): unknown {
  if (typeof value === 'bigint') return { [MARK]: 'int', text: String(value) };
  if (value instanceof Uint8Array)
    return { [MARK]: 'bytes', text: Buffer.from(value).toString('hex') };
  if (typeof value === 'number' && hasSpecial(value)) {
    return { [MARK]: 'float', text: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (Array.isArray(value)) return value.map(marked);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(item)]));
}

function unmarked(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, MARK)) return value;
  const { [MARK]: kind, text } = value as { readonly [MARK]: unknown; readonly text: unknown };
  const given = String(text);
  if (kind === 'int' && /^-?\d{1,10000}$/.test(given)) return BigInt(given);
  if (kind === 'bytes' && /^(?:[0-9a-f]{2})*$/.test(given)) {
    return new Uint8Array(Buffer.from(given, 'hex'));
  }
  return kind === 'float' ? Number(given) : undefined;
}
