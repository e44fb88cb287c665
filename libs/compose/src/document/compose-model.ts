// The canonical form of a compose: what the normaliser writes and the compiler reads. It is plain data, so
// that it can be printed, compared and published (schemas/compose.schema.json).
import type { Value } from '@basalt/ir';

/** Marks an entry of `in` or `out` that is left out where its value is null. */
export const OPTIONAL = '__lcod_optional__';
/** Key of the spreads of `in` or `out`. */
export const SPREADS = '__lcod_spreads__';
/** Source that stands for the whole state. */
export const STATE = '__lcod_state__';
/** Another name for the whole state, as the key of a map of one entry. */
export const INPUT = '__lcod_input__';
/** Source that stands for the whole result of a step, in `out`. */
export const RESULT = '__lcod_result__';

/** Takes the entries of a map into `in` or `out`. */
export interface Spread {
  /** A template that gives a map; anything else gives no entries. */
  readonly source: Value;
  /** Leaves out entries that are null. */
  readonly optional?: boolean;
  /** Only these keys; a key that is missing is null unless the spread is optional. */
  readonly pick?: readonly string[];
}

/** Templates by name, with the spreads under `__lcod_spreads__`. */
export type Mapping = Readonly<Record<string, Value>>;

export interface CanonicalStep {
  /** Id of the component, contract or operator. Absent in a step that only has `let`. */
  readonly call?: string;
  /** Names for this step and those after it in its list. */
  readonly let?: Mapping;
  readonly in?: Mapping;
  readonly out?: Mapping;
  readonly slots?: Readonly<Record<string, readonly CanonicalStep[]>>;
  /** What an iteration of a loop adds to its results. */
  readonly collectPath?: string;
}

/** Keys that a step may have as it is written. */
export const STEP_KEYS = ['call', 'let', 'in', 'out', 'slots', 'children', 'collectPath'];

/** A part of a compose: keys and indices from its root. */
export type ComposePath = readonly (string | number)[];
