// Running a compose that a test writes as text.
import { readCompose } from '../document/read-compose.js';
import { FLOW_OPERATORS } from '../operators/flow-operators.js';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import { compileCompose, runCompose, type ComposeRunOptions } from '../run/compose-run.js';
import { Registry } from '../run/registry.js';
import type { State } from '../run/state.js';

/** Gives its input back. */
export const SET: Component = { id: 'lcod://impl/set@1', handler: (input) => input };

/** Gives its input back after `ms`, by a timer that a cancellation stops. */
export const DELAY: Component = {
  id: 'lcod://impl/delay@1',
  handler: (input, call) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(input), input['ms'] as number);
      call.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(call.signal.reason as Error);
      });
    }),
};

export function testRegistry(...components: readonly Component[]): Registry {
  const registry = new Registry();
  for (const component of [...FLOW_OPERATORS, SET, DELAY, ...components]) {
    registry.register(component);
  }
  return registry;
}

export function composeOf(text: string) {
  const { compose, diagnostics } = readCompose(text, 'test.yaml');
  if (compose === undefined) throw new Error(JSON.stringify(diagnostics));
  return compose;
}

/** The last state. */
export function runText(
  text: string,
  state?: State,
  options: Partial<ComposeRunOptions> = {},
): Promise<State> {
  const compiled = compileCompose(composeOf(text), 'test.yaml');
  return runCompose(compiled, { registry: testRegistry(), state, ...options });
}

/** What the run throws, as the value that a catch slot would get. */
export async function failureOf(
  text: string,
  state?: State,
  options: Partial<ComposeRunOptions> = {},
): Promise<State> {
  try {
    await runText(text, state, options);
  } catch (error) {
    if (error instanceof ComposeError) return error.toValue();
    throw error;
  }
  throw new Error('It did not fail.');
}
