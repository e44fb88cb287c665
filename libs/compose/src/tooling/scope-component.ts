// lcod://tooling/registry/scope@1: its slot runs with bindings and components of its own, which nothing
// outside of it sees, other executions and concurrent requests included.
import { DiagnosticError, isError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { defineContract } from '../contracts/define-contract.js';
import type { ContractInput } from '../contracts/contract-input.js';
import { normaliseCompose, type NormalisedCompose } from '../document/normalise-compose.js';
import { isMap, type ValueMap } from '../document/plain-values.js';
import type { Component } from '../run/component.js';
import { composeComponent } from '../run/compose-component.js';
import type { Registry } from '../run/registry.js';

export const scopeComponent: Component = defineContract(
  'lcod://tooling/registry/scope@1',
  (input, call) => {
    const registry = call.scope.registry.layer();
    addBindings(registry, input);
    for (const [i, one] of (input.optionalList('components') ?? []).entries()) {
      registry.register(inlineComponent(input, one, `components.${i}`));
    }
    return call.runSlot('body', undefined, undefined, { ...call.scope, registry });
  },
);

/** Bindings as a map from contracts to implementations, or as a list of {contract, implementation}. */
export function addBindings(registry: Registry, input: ContractInput): void {
  const given = input.value('bindings');
  const list = Array.isArray(given)
    ? (given as readonly Value[]).map((one): readonly [unknown, unknown] =>
        isMap(one) ? [one['contract'], one['implementation']] : [undefined, undefined],
      )
    : Object.entries(input.optionalMap('bindings') ?? {});
  for (const [contract, implementation] of list) {
    if (typeof contract !== 'string' || typeof implementation !== 'string') {
      input.refuse('bindings', 'ids of contracts and their implementations', implementation);
    }
    registry.bind(contract, implementation);
  }
}

/** A component that is written where it is used: {id, compose, inputs, outputs}. */
export function inlineComponent(input: ContractInput, given: Value, key: string): Component {
  const id = isMap(given) ? given['id'] : undefined;
  if (!isMap(given) || typeof id !== 'string') {
    return input.refuse(key, 'a map with id and compose', given);
  }
  const compose = inlineCompose(given['compose'] ?? null);
  const [inputs, outputs] = [namesOf(given['inputs']), namesOf(given['outputs'])];
  return composeComponent({ id, compose, inputs, outputs });
}

/** Steps that came as data. Throws what is wrong with them. */
export function inlineCompose(steps: Value): NormalisedCompose {
  const compose = normaliseCompose(steps);
  const [first, ...rest] = compose.diagnostics.filter(isError);
  if (first !== undefined) throw new DiagnosticError([first, ...rest]);
  return compose;
}

/** Names as a list, or as the keys of a map. */
function namesOf(given: Value | undefined): readonly string[] | undefined {
  if (Array.isArray(given)) return given.filter((name): name is string => typeof name === 'string');
  return isMap(given) ? Object.keys(given as ValueMap) : undefined;
}
