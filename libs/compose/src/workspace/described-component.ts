// What a descriptor promises is kept while its component runs: inputs and outputs are checked against their
// schemas, defaults take the place of inputs that are missing, and the hints are honoured.
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { DescribedPort, Descriptor, Hints } from '../descriptors/descriptor.js';
import type { SchemaCheck, SchemaEngine } from '../descriptors/schema-check.js';
import { isMap } from '../document/plain-values.js';
import { Call, closing } from '../run/call.js';
import type { Component } from '../run/component.js';
import { ComposeError, LoopSignal } from '../run/compose-error.js';
import { Frame } from '../run/frame.js';
import { andThen, type MaybePromise } from '../run/maybe-promise.js';
import type { State } from '../run/state.js';

/** The component with the checks and hints of its descriptor. Schemas are compiled by the first call. */
export function describedComponent(
  component: Component,
  descriptor: Descriptor,
  engine: SchemaEngine,
): Component {
  const { id } = component;
  const inputs = Object.entries(descriptor.inputs ?? {}).map(portOf(engine));
  const outputs = Object.entries(descriptor.outputs ?? {}).map(portOf(engine));
  const handler = hinted(component, descriptor.hints ?? {});
  return {
    id,
    handler: (input, call) => {
      const checked = inputs.length === 0 ? input : checkInputs(id, inputs, input);
      const result = handler(checked, call);
      if (outputs.length === 0) return result;
      return andThen(result, (value) => checkOutputs(id, outputs, value));
    },
  };
}

interface Port {
  readonly name: string;
  readonly required: boolean;
  readonly fallback: Value | undefined;
  readonly check: SchemaCheck;
}

function portOf(engine: SchemaEngine): (entry: readonly [string, DescribedPort]) => Port {
  return ([name, port]) => {
    let compiled: SchemaCheck | undefined;
    return {
      name,
      required: port.required === true,
      fallback: port.default === undefined ? undefined : (JSON.parse(port.default) as Value),
      check: (value) => (compiled ??= engine.compile(JSON.parse(port.schema)))(value),
    };
  };
}

function checkInputs(id: string, ports: readonly Port[], input: State): State {
  let result = input;
  for (const { name, required, fallback, check } of ports) {
    const given = Object.hasOwn(input, name) ? input[name] : undefined;
    if ((given ?? null) === null && fallback !== undefined) {
      result = { ...result, [name]: fallback };
    } else if (given === undefined || (given === null && !required)) {
      if (required) throw refusedInput(id, [name], 'is missing');
    } else {
      const [problem] = check(given);
      if (problem !== undefined) throw refusedInput(id, [name, ...problem.path], problem.text);
    }
  }
  return result;
}

function refusedInput(id: string, path: readonly string[], problem: string): ComposeError {
  const finding = diagnostic.COMP216({ id, part: path.join('.'), problem });
  return ComposeError.of(finding, { input: pointerTo(path) });
}

function checkOutputs(id: string, ports: readonly Port[], result: Value): Value {
  for (const { name, required, check } of ports) {
    const value = isMap(result) && Object.hasOwn(result, name) ? result[name]! : null;
    if (value === null && !required) continue;
    const [problem] = value === null ? [{ path: [], text: 'is missing' }] : check(value);
    if (problem === undefined) continue;
    const path = [name, ...problem.path];
    const finding = diagnostic.COMP217({ id, part: path.join('.'), problem: problem.text });
    throw ComposeError.of(finding, { output: pointerTo(path) });
  }
  return result;
}

function pointerTo(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function hinted({ id, handler }: Component, hints: Hints): Component['handler'] {
  const { timeoutMs, retries = 0, idempotent, pure } = hints;
  const repeated =
    retries > 0 && (idempotent === true || pure === true) ? retrying(handler, retries) : handler;
  return timeoutMs === undefined ? repeated : limited(repeated, id, timeoutMs);
}

/** Calls again after a failure, as often as is allowed; not after a cancellation. */
function retrying(handler: Component['handler'], retries: number): Component['handler'] {
  const attempt = (input: State, call: Call): MaybePromise<Value> => {
    const once = new Call(call.frame, call.step);
    return closing(once, () => handler({ ...input }, once));
  };
  return async (input, call) => {
    for (let left = retries; ; left -= 1) {
      try {
        return await attempt(input, call);
      } catch (error) {
        const isFinal = left === 0 || error instanceof LoopSignal;
        if (isFinal || call.scope.cancel.reason !== undefined) throw error;
      }
    }
  };
}

/** Cancels the work of the call when its time is up. */
function limited(handler: Component['handler'], id: string, ms: number): Component['handler'] {
  return async (input, call) => {
    const cancel = call.scope.cancel.open();
    const finding = diagnostic.COMP109({ what: id, ms });
    const timer = setTimeout(() => cancel.cancel(ComposeError.of(finding)), ms);
    const { scope, state, slotVars, depth } = call.frame;
    const inner = new Call(new Frame({ ...scope, cancel }, state, slotVars, depth), call.step);
    try {
      return await cancel.race(Promise.resolve(closing(inner, () => handler(input, inner))));
    } finally {
      clearTimeout(timer);
      cancel.close();
    }
  };
}
