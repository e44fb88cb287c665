// A count of steps that a proof may take. Hostile schemas are answered with "unproven", not with a
// process that hangs.

/** Steps that one question may take unless its caller says otherwise: about 20 ms. */
export const DEFAULT_STEPS = 40_000;

/** Deepest nesting of schemas and of values that is looked into. */
export const MAX_DEPTH = 96;

export class StepBudget {
  /** Steps that are left; below zero when the last one cost more. */
  left: number;

  constructor(steps: number = DEFAULT_STEPS) {
    this.left = steps;
  }

  /** Takes steps; false when there are none left, for ever after. */
  spend(steps = 1): boolean {
    if (this.left <= 0) return false;
    this.left -= steps;
    return this.left >= 0;
  }
}
