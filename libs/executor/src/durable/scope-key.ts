// Names of scopes that are the same after a restart: each is made of the key of the invocation that
// opened it and of the place of the item, pass or emission, never of a counter of the whole execution.
import type { Invocation } from '../run/invocation.js';
import type { Scope } from '../run/scope.js';

/** The key of a scope that a surface opens for an output of `from`; empty without a journal. */
export function scopeKeyBelow(from: Invocation, scope: Scope, place: string): string {
  const { step } = from;
  if (step === undefined) return '';
  // The scope of an emission names its invocation already.
  return `${scope === from.message.scope ? step.key : scope.key}/${place}`;
}
