// What is remembered of one node and of one edge of a run.
import type { NodeOutcome } from '@basalt/executor';
import { HeadAndTail } from './head-and-tail.js';
import { sampleBytes, type ValueSample } from './value-sample.js';

/** Pending nodes have no record; a node without one was skipped when its run has ended. */
export type NodeState = 'running' | NodeOutcome;

/** One attempt of one node. Times are milliseconds since the start of the run. */
export interface InvocationRecord {
  readonly alias: string;
  readonly seq: number;
  readonly attempt: number;
  readonly startMs: number;
  endMs: number | undefined;
  outcome: NodeOutcome | undefined;
  readonly input: ValueSample;
  output: ValueSample | undefined;
  /** Values that it sent before its end, and the first few of them. */
  emitted: number;
  emissions: readonly ValueSample[];
}

export interface NodeRecord {
  readonly alias: string;
  state: NodeState;
  /** How many attempts are under way. */
  active: number;
  /** Attempts begun, retries included. */
  started: number;
  ok: number;
  failed: number;
  timedOut: number;
  cancelled: number;
  retries: number;
  cached: number;
  dropped: number;
  emitted: number;
  /** Sum and maximum of the latencies of ended attempts, in milliseconds; NaN: it is not known. */
  sumMs: number;
  maxMs: number;
  lastFailure: string | undefined;
  readonly invocations: HeadAndTail<InvocationRecord>;
  /** Attempts under way. */
  open: readonly InvocationRecord[];
  /** Version of the run at the last change. */
  version: number;
}

export interface EdgeRecord {
  /** "from->to". */
  readonly label: string;
  depth: number;
  maxDepth: number;
  /** Messages that came onto the edge. */
  passed: number;
  spilled: number;
  /** Version of the run at the last change. */
  version: number;
}

/** About the bytes of memory of a record without its samples. */
export const NODE_BYTES = 400;
export const EDGE_BYTES = 160;
const INVOCATION_BYTES = 200;

export const NO_ATTEMPTS: readonly InvocationRecord[] = Object.freeze([]);

export function newNode(alias: string, kept: number): NodeRecord {
  return {
    alias,
    state: 'running',
    active: 0,
    started: 0,
    ok: 0,
    failed: 0,
    timedOut: 0,
    cancelled: 0,
    retries: 0,
    cached: 0,
    dropped: 0,
    emitted: 0,
    sumMs: 0,
    maxMs: 0,
    lastFailure: undefined,
    invocations: new HeadAndTail(kept, kept),
    open: NO_ATTEMPTS,
    version: 0,
  };
}

export function newEdge(label: string): EdgeRecord {
  return { label, depth: 0, maxDepth: 0, passed: 0, spilled: 0, version: 0 };
}

/** About the bytes of memory that the record of an attempt takes now.
 * @param limit with which its samples were made */
export function invocationBytes(record: InvocationRecord, limit: number): number {
  let bytes = INVOCATION_BYTES + sampleBytes(record.input, limit);
  if (record.output !== undefined) bytes += sampleBytes(record.output, limit);
  for (const emission of record.emissions) bytes += sampleBytes(emission, limit);
  return bytes;
}

/** Takes an attempt from those under way. */
export function takeOpen(node: NodeRecord, seq: number): InvocationRecord | undefined {
  const open = node.open as InvocationRecord[];
  if (open.length === 1 && open[0]!.seq === seq) {
    node.open = NO_ATTEMPTS;
    return open[0];
  }
  // Mostly it is one of the oldest.
  for (let at = 0; at < open.length; at += 1) {
    const record = open[at]!;
    if (record.seq !== seq) continue;
    const last = open.pop()!;
    if (last !== record) open[at] = last;
    return record;
  }
  return undefined;
}

/** Notes how an attempt ended. */
export function endAttempt(node: NodeRecord, outcome: NodeOutcome): void {
  node.active = Math.max(0, node.active - 1);
  node.state = node.active > 0 ? 'running' : outcome;
  switch (outcome) {
    case 'ok':
      node.ok += 1;
      return;
    case 'failed':
      node.failed += 1;
      return;
    case 'timeout':
      node.timedOut += 1;
      return;
    case 'cancelled':
      node.cancelled += 1;
      return;
    default:
      outcome satisfies never;
  }
}
