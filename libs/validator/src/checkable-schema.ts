// Decides whether a value may be checked against a schema that came with a document: a hostile schema
// can make a checker run for ever, by references that loop or multiply, or by a slow pattern.
import { parsePointer, isPointer } from '@basalt/ir';

/** Schema objects that are looked at, each reference followed every time. */
const MAX_EXPANDED = 1_000;
/** Longest text that patterns are tried on, in UTF-16 units. */
const MAX_PATTERN_TEXT = 256;

/** True for a schema whose references all lead to its own parts, end, and expand to at most a thousand
 * objects, and whose patterns take at most cubic time on the texts in the value. */
export function isCheckable(schema: unknown, value: unknown): boolean {
  const pending: unknown[] = [schema];
  let expanded = 0;
  let patterns = false;
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    expanded += 1;
    if (expanded > MAX_EXPANDED) return false;
    for (const [key, part] of Object.entries(next)) {
      if (key === '$ref' && typeof part === 'string') {
        const target = part.startsWith('#') ? partAt(schema, part.slice(1)) : undefined;
        if (target === undefined) return false;
        pending.push(target);
      } else if (key === '$dynamicRef' || key === '$recursiveRef' || key === '$id') {
        return false;
      } else if (key === 'pattern' && typeof part === 'string') {
        if (!isCheapPattern(part)) return false;
        patterns = true;
      } else if (key === 'patternProperties' && typeof part === 'object' && part !== null) {
        if (!Object.keys(part).every(isCheapPattern)) return false;
        patterns = true;
        pending.push(part);
      } else {
        pending.push(part);
      }
    }
  }
  return !patterns || hasShortTexts(value);
}

function partAt(schema: unknown, pointer: string): unknown {
  if (!isPointer(pointer)) return undefined;
  return parsePointer(pointer).reduce<unknown>((part, token) => {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, token)) return undefined;
    return (part as Readonly<Record<string, unknown>>)[token];
  }, schema);
}

/** No group is repeated, nothing refers back, and at most three parts repeat without a bound. */
function isCheapPattern(pattern: string): boolean {
  if (/\)[*+?{]|\\[1-9k]|\(\?/.test(pattern)) return false;
  return (pattern.match(/[*+]|\{\d+,\d*\}/g) ?? []).length <= 3;
}

function hasShortTexts(value: unknown): boolean {
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string' && next.length > MAX_PATTERN_TEXT) return false;
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, part] of Object.entries(next)) pending.push(key, part);
  }
  return true;
}
