// The two lattices of the 0.1 contract: a node's declared rank must reach what its hints demand.
import { DETERMINISM, EFFECTS, type Determinism, type Effects } from '@basalt/ir';

/** 0 for pure, 2 for effectful. */
export function effectsRank(effects: Effects): number {
  return EFFECTS.indexOf(effects);
}

/** 0 for strict, 3 for nondeterministic. */
export function determinismRank(determinism: Determinism): number {
  return DETERMINISM.indexOf(determinism);
}

/** True when a node declared `declared` may do what needs at least `minimum`. */
export function effectsReach(declared: Effects, minimum: Effects): boolean {
  return effectsRank(declared) >= effectsRank(minimum);
}

/** True when a node declared `declared` may do what needs at least `minimum`. */
export function determinismReaches(declared: Determinism, minimum: Determinism): boolean {
  return determinismRank(declared) >= determinismRank(minimum);
}

/** The higher of two ranks: what a node that does both has to declare. */
export function joinEffects(a: Effects, b: Effects): Effects {
  return effectsReach(a, b) ? a : b;
}

/** The higher of two ranks: what a node that does both has to declare. */
export function joinDeterminism(a: Determinism, b: Determinism): Determinism {
  return determinismReaches(a, b) ? a : b;
}
