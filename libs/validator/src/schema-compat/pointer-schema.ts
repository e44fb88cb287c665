// The schema of all values in which a pointer leads to something of a given schema: with it, "does this
// pointer fit?" is the same question as "does this producer fit?".
import type { JsonSchema } from '@basalt/ir';

const MAX_STEPS = 32;

/** A field name as a pointer; what starts with "/" or is empty is one already. */
export function asPointer(key: string): string {
  if (key === '' || key.startsWith('/')) return key;
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Values in which `pointer` (RFC 6901) exists and leads to `leaf`; undefined past 32 steps. */
export function pointerSchema(pointer: string, leaf: JsonSchema): JsonSchema | undefined {
  const steps = pointer.split('/').slice(1);
  if (steps.length > MAX_STEPS) return undefined;
  return steps.reverse().reduce<JsonSchema>((inner, raw) => {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const object = {
      type: 'object',
      required: [key],
      properties: Object.fromEntries([[key, inner]]),
    };
    if (!/^(0|[1-9]\d?)$/.test(key)) return object;
    const index = Number(key);
    const prefixItems = [...Array.from({ length: index }, () => true), inner];
    return { anyOf: [object, { type: 'array', minItems: index + 1, prefixItems }] };
  }, leaf);
}
