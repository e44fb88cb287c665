// What the caller of an execution holds.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { waitingIn, type WaitingFor } from './awaited-events.js';
import type { DurableRun } from '../durable/durable-run.js';
import type { FlowRun } from './flow-run.js';
import type { RunResult } from './run-result.js';

/** Counts of an execution under way. */
export interface RunStats {
  /** Handlers whose promise or stream is pending. */
  readonly active: number;
  /** Messages on edges. */
  readonly queued: number;
  /** Outputs that wait for a place on an edge or for the consumer. */
  readonly held: number;
  readonly captured: number;
  readonly dropped: number;
  readonly waiting: number;
}

export interface Run {
  readonly id: string;
  /** How the execution ended. Never rejects. */
  readonly result: Promise<RunResult>;
  /** The same, where the execution has ended already: one that waits for nothing ends in the call that
   * starts it. */
  readonly ended: RunResult | undefined;
  /** The result's value; rejects with a DiagnosticError. With `returnEarly` it resolves with the first
   * capture. */
  readonly output: Promise<Value>;
  /** Every captured value. One consumer; leaving early cancels the execution. */
  outputs(): AsyncIterableIterator<Value>;
  /** Stops what runs and resolves when handlers have cleaned up, or the host's grace is over. */
  cancel(reason?: string): Promise<void>;
  /** Stops what runs without an outcome: started again with its journal, the execution goes on. One
   * without a journal is cancelled. */
  interrupt(reason: string): Promise<void>;
  /** Hands an event to what waits at a checkpoint; false where nothing does. With a journal, it is
   * kept for good when `flushed` has resolved. */
  resume(checkpointId: string, correlationKey: Value, event: Value): boolean;
  /** True when everything so far is in the journal; without one at once. */
  flushed(): Promise<boolean>;
  waiting(): readonly WaitingFor[];
  stats(): RunStats;
}

/** The handle of an execution. A class: V8 keeps the shape of every object literal with getters until
 * its next full collection, and with it the execution. */
export class RunHandle implements Run {
  readonly #run: FlowRun;
  #output: Promise<Value> | undefined = undefined;

  constructor(run: FlowRun) {
    this.#run = run;
  }

  get id(): string {
    return this.#run.id;
  }

  get result(): Promise<RunResult> {
    return this.#run.ending.result;
  }

  get ended(): RunResult | undefined {
    return this.#run.ending.outcome;
  }

  get output(): Promise<Value> {
    return (this.#output ??= firstOutput(this.#run));
  }

  outputs(): AsyncIterableIterator<Value> {
    const { capture, durable } = this.#run;
    return durable === undefined ? capture.values() : onceFlushed(capture.values(), durable);
  }

  async cancel(reason = 'its caller asked for it'): Promise<void> {
    this.#run.ending.cancel(reason);
    await this.#run.ending.result;
  }

  async interrupt(reason: string): Promise<void> {
    const { ending, durable, id } = this.#run;
    if (durable === undefined) ending.cancel(reason);
    else ending.interrupt(diagnostic.DUR107({ run: id, reason }));
    await ending.result;
  }

  resume(checkpointId: string, correlationKey: Value, event: Value): boolean {
    return resumeIn(this.#run, checkpointId, correlationKey, event);
  }

  async flushed(): Promise<boolean> {
    return (await this.#run.durable?.flush()) ?? true;
  }

  waiting(): readonly WaitingFor[] {
    return waitingIn(this.#run);
  }

  stats(): RunStats {
    return statsOf(this.#run);
  }
}

function firstOutput(run: FlowRun): Promise<Value> {
  const output = new Promise<Value>((resolve, reject) => {
    if (run.invoke.returnEarly) run.ending.onCapture((value) => early(run, value, resolve));
    const ended = (error: DiagnosticError | undefined) =>
      error === undefined ? resolve(run.capture.first ?? null) : reject(error);
    run.ending.onEnd(ended);
  });
  output.catch(() => undefined);
  return output;
}

/** Nothing leaves a durable execution that a crash could undo. */
function early(run: FlowRun, value: Value, resolve: (value: Value) => void): void {
  const { durable } = run;
  if (durable === undefined) resolve(value);
  else void flushedSoon(durable).then((isSafe) => isSafe && resolve(value));
}

/** The record of a result follows when its value has been sent on, in the same step. */
async function flushedSoon(durable: DurableRun): Promise<boolean> {
  await null;
  return durable.flush();
}

async function* onceFlushed(
  values: AsyncIterableIterator<Value>,
  durable: DurableRun,
): AsyncIterableIterator<Value> {
  for await (const value of values) {
    if (!(await durable.flush())) throw new DiagnosticError([durable.lost!]);
    yield value;
  }
}

/** Gives an event to the execution or one of its subflows. */
export function resumeIn(
  run: FlowRun,
  checkpointId: string,
  key: Value,
  event: Value,
  eventId?: string,
): boolean {
  if (run.awaited.resume(checkpointId, key, event, eventId)) return true;
  for (const child of run.children) {
    if (resumeIn(child, checkpointId, key, event, eventId)) return true;
  }
  return false;
}

function statsOf(run: FlowRun): RunStats {
  let queued = 0;
  let held = 0;
  for (const edge of run.edges) queued += edge?.count ?? 0;
  for (const node of run.nodes) held += node?.heldOutputs ?? 0;
  return {
    active: run.following.size,
    queued,
    held,
    captured: run.capture.count,
    dropped: run.ending.drops,
    waiting: waitingIn(run).length,
  };
}
