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
    if (this.#seen.has(value)) return value;
    if (this.#seen.size >= this.#max) return OTHER_LABEL;
    this.#seen.add(value);
    return value;
  }
}
