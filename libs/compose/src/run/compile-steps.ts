// Compiles canonical steps into what `runList` runs: mappings as functions, slots as lists.
import { formatPointer } from '@basalt/ir';
import type { CanonicalStep, ComposePath } from '../document/compose-model.js';
import { compileInput, compileOutput, type InputMapping, type OutputMapping } from './mapping.js';
import { compilePath, type Template } from './template.js';

export interface CompiledStep {
  /** Undefined in a step that only binds names. */
  readonly call: string | undefined;
  readonly bound: InputMapping | undefined;
  readonly input: InputMapping | undefined;
  readonly output: OutputMapping | undefined;
  readonly slots: ReadonlyMap<string, CompiledList> | undefined;
  readonly collect: Template | undefined;
  /** Where the step is written. */
  readonly compose: string;
  readonly path: ComposePath;
}

export interface CompiledList {
  readonly steps: readonly CompiledStep[];
}

/** `compose` names the file or component in errors; `path` is where the list stands in it. */
export function compileSteps(
  steps: readonly CanonicalStep[],
  compose: string,
  path: ComposePath = ['compose'],
): CompiledList {
  return { steps: steps.map((step, i) => compileStep(step, compose, [...path, i])) };
}

function compileStep(step: CanonicalStep, compose: string, path: ComposePath): CompiledStep {
  const slots = Object.entries(step.slots ?? {}).map(
    ([name, body]) => [name, compileSteps(body, compose, [...path, 'slots', name])] as const,
  );
  return {
    call: step.call,
    bound: step.let === undefined ? undefined : compileInput(step.let),
    input: step.in === undefined ? undefined : compileInput(step.in),
    output: step.out === undefined ? undefined : compileOutput(step.out),
    slots: slots.length === 0 ? undefined : new Map(slots),
    collect: step.collectPath === undefined ? undefined : compilePath(step.collectPath),
    compose,
    path,
  };
}

/** The place of a step, for errors. */
export function placeOf(step: CompiledStep) {
  return { compose: step.compose, step: formatPointer(step.path), call: step.call ?? 'let' };
}
