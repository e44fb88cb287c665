// Reduces a failing case: fewest injections, fewest jobs, smallest inputs, as long as it still fails for
// the same cause.
import type { Value } from '@basalt/ir';
import { smallerValues } from '../inputs/smaller-values.js';
import { inputsOf, type CertifyCase, type Injection } from './certify-case.js';

/** What a reduction may do. */
export interface ShrinkOptions<T> {
  /** What the case shows; undefined where it does not fail for the cause in question. */
  readonly attempt: (given: CertifyCase) => Promise<T | undefined>;
  /** Whether the trigger takes the payload. */
  readonly fits: (payload: Value) => boolean;
  /** Cases that may be executed. */
  readonly budget: number;
}

export interface Shrunk<T> {
  readonly case: CertifyCase;
  /** What the reduced case shows; undefined where nothing could be left out. */
  readonly shown: T | undefined;
  /** Cases that were executed. */
  readonly tried: number;
}

/** Leaves out one thing after another, until nothing can be left out. */
export async function shrinkCase<T>(
  given: CertifyCase,
  { attempt, fits, budget }: ShrinkOptions<T>,
): Promise<Shrunk<T>> {
  let current = given;
  let shown: T | undefined;
  let tried = 0;
  for (const steps of [withoutInjection, withoutInput, withSmallerInput]) {
    let isSmaller = true;
    while (isSmaller) {
      isSmaller = false;
      for (const candidate of steps(current, fits)) {
        if (tried >= budget) return { case: current, shown, tried };
        tried += 1;
        const found = await attempt(candidate);
        if (found === undefined) continue;
        current = candidate;
        shown = found;
        isSmaller = true;
        break;
      }
    }
  }
  return { case: current, shown, tried };
}

type Steps = (given: CertifyCase, fits: (payload: Value) => boolean) => Generator<CertifyCase>;

/** All of them first: a flow that fails by itself needs none. */
const withoutInjection: Steps = function* ({ inputs, injections }) {
  if (injections.length > 1) yield { inputs, injections: [] };
  for (const index of injections.keys()) {
    yield { inputs, injections: injections.filter((_, i) => i !== index) };
  }
};

const withoutInput: Steps = function* ({ inputs, injections }) {
  if (inputs.length < 2) return;
  for (const { id } of inputs) {
    const left = inputs.filter((input) => input.id !== id);
    const kept = injections.flatMap((injection): readonly Injection[] => {
      if (injection.kind !== 'reorder') return inputsOf(injection).includes(id) ? [] : [injection];
      const order = injection.order.filter((one) => one !== id);
      return order.length < 2 ? [] : [{ ...injection, order }];
    });
    yield { inputs: left, injections: kept };
  }
};

const withSmallerInput: Steps = function* ({ inputs, injections }, fits) {
  for (const [index, input] of inputs.entries()) {
    for (const payload of smallerValues(input.payload)) {
      if (fits(payload)) yield { inputs: inputs.with(index, { ...input, payload }), injections };
    }
  }
};
