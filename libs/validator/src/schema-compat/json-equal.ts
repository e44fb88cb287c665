// Equality of JSON values as JSON Schema defines it: 1 and 1.0 are equal, the order of keys is not seen.
import { MAX_DEPTH } from './step-budget.js';

/** True when both are the same JSON value. Values nested deeper than 96 levels count as different. */
export function jsonEqual(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (depth > MAX_DEPTH || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => jsonEqual(item, b[index], depth + 1));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      jsonEqual(a[key as keyof typeof a], b[key as keyof typeof b], depth + 1),
  );
}
