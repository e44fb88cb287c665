// A place where a proof did not go through, with values that might show that it cannot.
import type { Value } from '@basalt/ir';

/** One obstacle to a proof. */
export interface Finding {
  /** RFC 6901 pointer into the value. */
  readonly path: string;
  /** Completes the sentence "... does not fit at <path>: ". */
  readonly reason: string;
  /** The keyword of the consumer that was not proved. */
  readonly keyword: string;
  /** Values of the producer, at the level of the caller, that the consumer may refuse. Made only when
   * asked for: most findings belong to alternatives that another alternative makes up for. */
  readonly candidates: () => readonly Value[];
}

/** Where a proof stands. */
export interface Place {
  readonly path: string;
  /** Levels of values that were stepped into. */
  readonly level: number;
  /** Schemas that were stepped through. */
  readonly depth: number;
}

/** The pointer of `key` below `path`. */
export function below(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
