// Finds what JSON cannot hold. Documents that were read from text cannot have it; flows that were
// built in code can.
import { isPlainObject } from '@basalt/ir';

/** What is not JSON in a value, in words; undefined where all of it is, or the value is undefined. */
export function notJson(value: unknown): string | undefined {
  const pending: unknown[] = value === undefined ? [] : [value];
  const seen = new Set<unknown>();
  while (pending.length > 0) {
    const next = pending.pop();
    if (next === null || typeof next === 'string' || typeof next === 'boolean') continue;
    if (typeof next === 'number') {
      if (Number.isFinite(next)) continue;
      return `the number ${next}`;
    }
    if (typeof next !== 'object') return `a ${typeof next}`;
    if (!Array.isArray(next) && !isPlainObject(next)) {
      return 'an object that is neither plain nor a list';
    }
    // An object that occurs twice is checked once, so a cycle ends as well.
    if (seen.has(next)) continue;
    seen.add(next);
    for (const part of Object.values(next)) pending.push(part);
  }
  return undefined;
}
