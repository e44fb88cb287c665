// Chance from a seed: the same seed gives the same choices, in whatever order the names are asked for.
import { hashValue } from '@basalt/ir';

/** A number in [0, 1) for a name. */
export function chanceOf(seed: number, name: string): number {
  return Number.parseInt(hashValue([seed, name]).slice(0, 12), 16) / 2 ** 48;
}

/** A stream of chances: each call gives the next. */
export class SeededChance {
  readonly #seed: number;
  #next = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  next(): number {
    this.#next += 1;
    return chanceOf(this.#seed, String(this.#next));
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)]!;
  }
}
