// What can happen in one run, as its record takes it: times are milliseconds since the start of the run,
// values are cut already. A log of such events and the detail made of them take the same calls.
import type { NodeOutcome, RunOutcome } from '@basalt/executor';
import type { ValueSample } from './value-sample.js';

/** What is counted on a node. */
export type NodeCount = 'retries' | 'cached' | 'dropped';

export interface RunEvents {
  /** Something that belongs to no node has changed. */
  changed(): void;
  nodeStarted(atMs: number, alias: string, seq: number, attempt: number, input: ValueSample): void;
  nodeEnded(
    atMs: number,
    alias: string,
    seq: number,
    outcome: NodeOutcome,
    output: ValueSample | undefined,
  ): void;
  /** Attempts of a node have succeeded of which nothing else is known. */
  passed(alias: string, attempts: number, ms: number): void;
  emitted(alias: string, seq: number, value: ValueSample): void;
  counted(alias: string, what: NodeCount): void;
  failed(alias: string, kind: string): void;
  depth(label: string, depth: number): void;
  spilled(label: string): void;
  /** Adds to the timeline. */
  event(atMs: number, kind: string, node: string | undefined, text: string | undefined): void;
  ended(atMs: number, status: RunOutcome, text: string | undefined): void;
}
