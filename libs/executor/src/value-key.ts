// A text that is equal for equal values and different for different ones: values as Map keys, for
// partitions and keyed windows. It never leaves the process; what is stored or compared between
// processes uses the canonical encoding.
import type { Value } from '@basalt/ir';

/** The token of `value`. The integers 5 and 5n are equal; 0 and -0 are too. */
export function valueKey(value: Value): string {
  switch (typeof value) {
    case 'string':
      return `"${value}`;
    case 'bigint':
      return `i${value}`;
    case 'number':
      return numberKey(value);
    case 'boolean':
      return value ? 't' : 'f';
    default:
      return value === null ? 'n' : compositeKey(value);
  }
}

/** A whole number below 2^53 is an integer of the value model, anything else a float64. */
function numberKey(value: number): string {
  return Number.isSafeInteger(value) ? `i${value}` : `d${value}`;
}

type Composite = Exclude<Value, null | boolean | number | bigint | string>;

function compositeKey(value: Composite): string {
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('latin1')}`;
  if (isList(value)) return `[${value.map((item) => sized(valueKey(item))).join('')}`;
  const entries = Object.keys(value)
    .sort()
    .map((key) => sized(key) + sized(valueKey(value[key]!)));
  return `{${entries.join('')}`;
}

/** The length before each part keeps two different lists of parts from reading alike. */
function sized(part: string): string {
  return `${part.length}:${part}`;
}

function isList(value: Composite): value is readonly Value[] {
  return Array.isArray(value);
}
