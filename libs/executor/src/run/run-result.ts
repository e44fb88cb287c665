// How an execution ended, for machines and for people.
import type { Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { WaitingFor } from './awaited-events.js';

/** An outcome that stands. */
export type RunOutcome = 'completed' | 'failed' | 'cancelled';

/** How an execution ended. waiting: with a journal, nothing is left but to wait for events, and the host
 * has it parked. interrupted: with a journal, it was stopped without an outcome. Both go on when the
 * execution is started again with its journal. */
export type RunStatus = RunOutcome | 'waiting' | 'interrupted';

export interface NodeSummary {
  readonly alias: string;
  /** Messages that the node was begun for; retries are not counted again. */
  readonly invocations: number;
  /** Mean time from the begin of an attempt to its end, in milliseconds. */
  readonly avg_ms: number;
}

export interface ErrorSummary {
  readonly alias: string;
  readonly error_kind: string;
  readonly count: number;
}

export interface RunSummary {
  readonly duration_ms: number;
  /** Nodes that were begun, in the order of the flow. */
  readonly nodes: readonly NodeSummary[];
  readonly errors: readonly ErrorSummary[];
}

export interface RunResult {
  readonly status: RunStatus;
  /** The first captured value; undefined in stream mode and where there was none. */
  readonly output: Value | undefined;
  /** The first one of severity error says why the execution failed. */
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: RunSummary;
  /** Of an execution with the status waiting: what it waits for. */
  readonly waiting?: readonly WaitingFor[] | undefined;
}
