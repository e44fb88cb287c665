// One execution of a shipped flow, with what it answered and when.
import {
  combineObservers,
  compileFlow,
  startRun,
  type FlowBundle,
  type HostOptions,
  type Invoke,
  type RunObserver,
  type RunResult,
} from '@basalt/executor';
import type { Value } from '@basalt/ir';

export interface ObservedOutcome {
  readonly result: RunResult;
  /** Every output, in order. */
  readonly values: readonly Value[];
  /** When each was captured, in milliseconds on the clock of the execution. */
  readonly times: readonly number[];
}

/** Reads every output of one execution. The clock is virtual unless `host` brings another. */
export async function observeRun(
  flow: FlowBundle,
  payload: Value,
  host: HostOptions = {},
  invoke: Partial<Invoke> = {},
): Promise<ObservedOutcome> {
  const times: number[] = [];
  const watch: RunObserver = { captured: (run) => void times.push(run.now()) };
  const observer = combineObservers(host.observer === undefined ? [watch] : [watch, host.observer]);
  const time = host.clock === undefined ? { deterministic: { seed: 1 } } : {};
  const options = { ...time, ...host, observer };
  const run = startRun(compileFlow(flow), { mode: 'stream', ...invoke, payload }, options);
  const values: Value[] = [];
  try {
    for await (const value of run.outputs()) values.push(value);
  } catch {
    // The result says why.
  }
  return { result: await run.result, values, times };
}

/** The codes of the findings of an execution. */
export function codesOf(result: RunResult): readonly string[] {
  return result.diagnostics.map(({ code }) => code);
}
