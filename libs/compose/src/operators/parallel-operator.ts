// lcod://flow/parallel@1: slot `tasks` for each item of `tasks`, at once, with $slot.item and $slot.index.
// `parallelism` bounds how many run at a time (16 where it is not given). `results` are in the order of the
// tasks: what collectPath finds, or the state. The first error cancels the other tasks and is thrown.
import type { Value } from '@basalt/ir';
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import { diagnostic } from '@basalt/diagnostics';
import type { State } from '../run/state.js';
import { wholeNumber, wrongInput } from './operator-input.js';

const ID = 'lcod://flow/parallel@1';

export const DEFAULT_PARALLELISM = 16;

export const parallelOperator: Component = {
  id: ID,
  handler: async (input, call) => {
    const tasks = input['tasks'] ?? [];
    if (!Array.isArray(tasks)) throw wrongInput(ID, 'tasks', 'a list', tasks);
    const parallelism = wholeNumber(ID, input, 'parallelism', 1) ?? DEFAULT_PARALLELISM;
    return { results: await runTasks(tasks as readonly Value[], parallelism, call) };
  },
};

async function runTasks(
  tasks: readonly Value[],
  parallelism: number,
  call: Call,
): Promise<readonly Value[]> {
  const results: Value[] = new Array<Value>(tasks.length).fill(null);
  const cancel = call.scope.cancel.open();
  const scope = { ...call.scope, cancel };
  let failure: { readonly error: unknown } | undefined;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < tasks.length && failure === undefined) {
      const index = next;
      next += 1;
      const vars = { item: tasks[index]!, index };
      try {
        const state: State = await call.runSlot('tasks', undefined, vars, scope);
        results[index] = call.collect(state, vars, state) ?? null;
      } catch (error) {
        failure ??= { error };
        cancel.cancel(ComposeError.of(diagnostic.COMP113({})));
      }
    }
  };
  try {
    const lanes = Array.from({ length: Math.min(parallelism, tasks.length) }, lane);
    await Promise.all(lanes);
  } finally {
    cancel.close();
  }
  if (failure !== undefined) throw failure.error;
  return results;
}
