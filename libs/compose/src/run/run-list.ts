// Runs a list of steps: the input of each from the state, its result into the state.
import type { Value } from '@basalt/ir';
import { Call, closing } from './call.js';
import { placeOf, type CompiledList, type CompiledStep } from './compile-steps.js';
import type { Component } from './component.js';
import { ComposeError, LoopSignal } from './compose-error.js';
import type { Frame } from './frame.js';
import { isPending, type MaybePromise } from './maybe-promise.js';
import type { State } from './state.js';

/** Gives the state of the frame when all steps have run. Throws ComposeError, and LoopSignal for a break or
 * continue whose loop is further out. */
export function runList(list: CompiledList, frame: Frame): MaybePromise<State> {
  const { steps } = list;
  for (let i = 0; i < steps.length; i += 1) {
    const pending = runStep(steps[i]!, frame);
    if (pending !== undefined) return runRest(steps, i + 1, pending, frame);
  }
  return frame.state;
}

async function runRest(
  steps: readonly CompiledStep[],
  from: number,
  pending: Promise<void>,
  frame: Frame,
): Promise<State> {
  await pending;
  for (let i = from; i < steps.length; i += 1) {
    const next = runStep(steps[i]!, frame);
    if (next !== undefined) await next;
  }
  return frame.state;
}

/** Undefined when the step has ended. */
function runStep(step: CompiledStep, frame: Frame): Promise<void> | undefined {
  const { scope, state } = frame;
  try {
    scope.cancel.ensureActive();
    step.bound?.(frame, state);
    if (step.call === undefined) return undefined;
    const input = step.input === undefined ? {} : step.input(frame, {});
    const component = scope.registry.find(step.call);
    const result = isPending(component)
      ? component.then((found) => callComponent(found, input, step, frame))
      : callComponent(component, input, step, frame);
    if (isPending(result)) return settle(result, step, frame);
    step.output?.(result, state);
    return undefined;
  } catch (error) {
    throw placed(error, step);
  }
}

function callComponent(
  component: Component,
  input: State,
  step: CompiledStep,
  frame: Frame,
): MaybePromise<Value> {
  const { observer } = frame.scope.run;
  const call = new Call(frame, step);
  const work = () => closing(call, () => component.handler(input, call));
  return observer === undefined ? work() : observer.step(step, work);
}

async function settle(
  result: Promise<Value>,
  step: CompiledStep,
  { scope, state }: Frame,
): Promise<void> {
  try {
    const value = await result;
    scope.cancel.ensureActive();
    step.output?.(value, state);
  } catch (error) {
    throw placed(error, step);
  }
}

/** The error with the innermost step that it left. */
function placed(thrown: unknown, step: CompiledStep): unknown {
  if (thrown instanceof LoopSignal) return thrown;
  const error = ComposeError.from(thrown);
  error.where ??= placeOf(step);
  return error;
}
