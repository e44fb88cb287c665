// How a contract with a native implementation is written down.
import type { Value } from '@basalt/ir';
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import type { MaybePromise } from '../run/maybe-promise.js';
import type { State } from '../run/state.js';
import { ContractInput } from './contract-input.js';

/** `raw` is the whole input, for what takes keys of any name. */
type Implementation = (input: ContractInput, call: Call, raw: State) => MaybePromise<Value>;

/** A component under the id of the contract. */
export function defineContract(id: string, implementation: Implementation): Component {
  return {
    id,
    handler: (input, call) => implementation(new ContractInput(id, input), call, input),
  };
}

/** The same component under other ids. */
export function alias(component: Component, ...ids: readonly string[]): readonly Component[] {
  return [component, ...ids.map((id) => ({ ...component, id }))];
}
