// A component whose body is a compose: its declared inputs are the whole state at the start, its declared
// outputs are what it gives; an output that is missing is null.
import type { Value } from '@basalt/ir';
import type { NormalisedCompose } from '../document/normalise-compose.js';
import { compileSteps } from './compile-steps.js';
import type { Component } from './component.js';
import { andThen } from './maybe-promise.js';
import type { State } from './state.js';

export interface ComposeComponentOptions {
  readonly id: string;
  readonly compose: NormalisedCompose;
  /** Names of the inputs that reach the body; without it all do. */
  readonly inputs?: readonly string[] | undefined;
  /** Names of the outputs; without it the whole last state is the result. */
  readonly outputs?: readonly string[] | undefined;
}

export function composeComponent(options: ComposeComponentOptions): Component {
  const { id, compose, inputs, outputs } = options;
  const list = compileSteps(compose.steps, id);
  return {
    id,
    handler: (input, call) => {
      const state = inputs === undefined ? { ...input } : only(input, inputs);
      const end = call.runBody(list, state);
      return outputs === undefined ? end : andThen(end, (last): Value => project(last, outputs));
    },
  };
}

function only(input: State, names: readonly string[]): State {
  const state: State = {};
  for (const name of names) if (Object.hasOwn(input, name)) state[name] = input[name]!;
  return state;
}

function project(state: State, names: readonly string[]): State {
  const result: State = {};
  for (const name of names) result[name] = Object.hasOwn(state, name) ? state[name]! : null;
  return result;
}
