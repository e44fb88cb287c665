// Keys that no caller may send. `__proto__` and `constructor.prototype` change prototypes where a
// handler copies its input carelessly; `$http` marks an answer that sets status and headers, which a
// flow that echoes its input must not hand to its caller.
import type { Value } from '@basalt/ir';

/** The path to the first reserved key; undefined where there is none. */
export function reservedKeyIn(value: Value): (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const path = reservedKeyIn(value[i] as Value);
      if (path !== undefined) return [i, ...path];
    }
    return undefined;
  }
  for (const [key, member] of Object.entries(value) as [string, Value][]) {
    if (isReserved(key, member)) return [key];
    const path = reservedKeyIn(member);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}

function isReserved(key: string, member: Value): boolean {
  if (key === '__proto__' || key === '$http') return true;
  if (key !== 'constructor' || typeof member !== 'object' || member === null) return false;
  return Object.hasOwn(member, 'prototype');
}
