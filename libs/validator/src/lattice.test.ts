import { DETERMINISM, EFFECTS } from '@basalt/ir';
import {
  determinismRank,
  determinismReaches,
  effectsRank,
  effectsReach,
  joinDeterminism,
  joinEffects,
} from './lattice.js';

describe('lattices', () => {
  it('rank as the contract lists them', () => {
    expect(EFFECTS.map(effectsRank)).toEqual([0, 1, 2]);
    expect(DETERMINISM.map(determinismRank)).toEqual([0, 1, 2, 3]);
  });

  it('reach upward only', () => {
    expect(effectsReach('effectful', 'read_only')).toBe(true);
    expect(effectsReach('pure', 'read_only')).toBe(false);
    expect(determinismReaches('best_effort', 'best_effort')).toBe(true);
    expect(determinismReaches('stable', 'best_effort')).toBe(false);
  });

  it('join is commutative, associative and idempotent', () => {
    for (const a of EFFECTS) {
      for (const b of EFFECTS) {
        expect(joinEffects(a, b)).toBe(joinEffects(b, a));
        expect(joinEffects(a, a)).toBe(a);
        for (const c of EFFECTS) {
          expect(joinEffects(a, joinEffects(b, c))).toBe(joinEffects(joinEffects(a, b), c));
        }
      }
    }
    expect(joinDeterminism('strict', 'best_effort')).toBe('best_effort');
    expect(joinDeterminism('nondeterministic', 'stable')).toBe('nondeterministic');
  });
});
