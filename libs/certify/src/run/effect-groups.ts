// Effects by what has to act once.
import { hashValue } from '@basalt/ir';
import type { EffectCall } from '../world/effect-call.js';

/** The node with its idempotency key; where it declares none, with its input. */
export function effectGroup({ node, compensation, key, input }: EffectCall): string {
  return hashValue([node, compensation, key ?? null, key === undefined ? input : null]);
}

export function effectGroups(
  effects: readonly EffectCall[],
): ReadonlyMap<string, readonly EffectCall[]> {
  const groups = new Map<string, EffectCall[]>();
  for (const effect of effects) {
    const name = effectGroup(effect);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [effect]);
    else group.push(effect);
  }
  return groups;
}

/** What was done, without what it says; loose: without what it was done to. */
export function deedOf({ capability, operation, target }: EffectCall, loose = false): string {
  return loose ? `${capability}.${operation}` : `${capability}.${operation} ${target}`;
}
