// Bounds the number of different values of a metric label: each one is a series that the metrics
// store keeps for ever, and flows decide what the values are.

/** What stands for every value beyond the bound. */
export const OTHER_LABEL = 'other';

export class LabelLimit {
  readonly #seen = new Set<string>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** The value itself for the first `max` different values, `other` for the rest. */
  of(value: string): string {
    return this.admits(value) ? value : OTHER_LABEL;
  }

  /** Whether the value is one of the first `max` different ones. */
  admits(value: string): boolean {
    if (this.#seen.has(value)) return true;
    if (this.#seen.size >= this.#max) return false;
    this.#seen.add(value);
    return true;
  }
}
