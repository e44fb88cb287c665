// A text that is equal for equal values and different for different ones: values as Map keys, for
// partitions and keyed windows. It never leaves the process; what is stored or compared between
// processes uses the canonical encoding.
import type { Value } from '@basalt/ir';

/** The token of `value`; equal exactly where the canonical encodings are: 5 and 5n are one integer,
 * -0 is a float apart from 0, and there is one NaN. */
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
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return `i${value}`;
  return Object.is(value, -0) ? 'd-0' : `d${value}`;
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
