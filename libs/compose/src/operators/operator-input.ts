// Reading the inputs of operators: each is checked before anything runs.
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { isMap, kindOf, type ValueMap } from '../document/plain-values.js';
import { ComposeError } from '../run/compose-error.js';
import type { State } from '../run/state.js';

/** COMP112: an input of an operator or contract is not what it takes. */
export function wrongInput(
  id: string,
  input: string,
  wanted: string,
  found: unknown,
): ComposeError {
  return ComposeError.of(diagnostic.COMP112({ id, input, wanted, found: kindOf(found) }));
}

/** A whole number of at least `least`; undefined where none is given. */
export function wholeNumber(
  id: string,
  input: State,
  key: string,
  least: number,
): number | undefined {
  const given = input[key] ?? undefined;
  if (given === undefined) return undefined;
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= least) return given;
  throw wrongInput(id, key, `a whole number of at least ${least}`, given);
}

/** A map; undefined where none is given. */
export function mapInput(id: string, input: State, key: string): ValueMap | undefined {
  const given = input[key] ?? undefined;
  if (given === undefined || isMap(given)) return given;
  throw wrongInput(id, key, 'a map', given);
}

/** Whether a condition holds: null, false, 0, NaN and the empty text do not. */
export function isTruthy(value: Value | undefined): boolean {
  if (typeof value === 'bigint') return value !== 0n;
  return Boolean(value);
}
