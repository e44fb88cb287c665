// The jobs that are executed while processes are killed, and what each must have done in the end.
import type { FlowIR, Value } from '@basalt/ir';
import type { NewJob } from '@basalt/queue';
import {
  accepted,
  approval,
  atMost,
  chain,
  each,
  expiry,
  fan,
  once,
  saga,
  spill,
  stream,
} from './crash-flows.js';
import type { Backend } from './crash-place.js';
import { receiptOf } from './effect-ledger.js';

/** What must be found when a job has ended. */
export interface Expected {
  readonly flow: string;
  /** Each happens exactly once. */
  readonly effects: readonly string[];
  /** They happen in the order in which they are listed. */
  readonly inOrder: boolean;
  /** As the journal has it; undefined where either may be. */
  readonly status: 'completed' | 'failed' | undefined;
  /** Undefined where the output is not told. */
  readonly output: Value | undefined;
  /** Becomes a dead letter. */
  readonly dies: boolean;
  /** The event that it waits for. */
  readonly event: { readonly checkpoint: string; readonly value: Value } | undefined;
}

export interface CrashJob {
  readonly job: NewJob & { readonly id: string; readonly payload: Value };
  readonly expected: Expected;
}

/** Keys of exactly_once edges: one of so many for each item, so that jobs have some in common. */
const SHARED_ITEMS = 60;

interface Kind {
  readonly flow: { readonly ir: FlowIR };
  readonly payload: (n: number) => Readonly<Record<string, Value>>;
  readonly expected: (job: string, n: number, url: string) => Partial<Expected>;
}

/** What Restate refuses: flows that wait for events, and effects that are delivered at most once. */
const NOT_ON_RESTATE: ReadonlySet<Kind['flow']> = new Set([approval, expiry, atMost]);

const KINDS: readonly Kind[] = [
  {
    flow: chain,
    payload: () => ({}),
    expected: (job, _n, url) => ({
      ...completed(job, url, ['reserve', 'charge', 'ship']),
      inOrder: true,
    }),
  },
  {
    flow: fan,
    payload: () => ({}),
    expected: (job, _n, url) => completed(job, url, ['stock', 'credit', 'parcel', 'confirm']),
  },
  {
    flow: each,
    payload: (n) => ({ items: itemsOf(n) }),
    expected: (job, n) => {
      const effects = itemsOf(n).map((item) => `${job}/pack/${item}`);
      return { effects, output: { receipts: effects.map(receiptOf) } };
    },
  },
  {
    flow: stream,
    payload: (n) => ({ items: itemsOf(n) }),
    expected: (job, n) => {
      const effects = itemsOf(n).map((item) => `${job}/publish/${item}`);
      return { effects, inOrder: true, output: receiptOf(effects[0]!) };
    },
  },
  {
    flow: approval,
    payload: () => ({ waitMs: 0 }),
    expected: (job, _n, url) => ({
      effects: [`${job}/ask`, `${job}/approve`],
      inOrder: true,
      output: { job, url, receipts: ['somebody', receiptOf(`${job}/approve`)] },
      event: { checkpoint: 'approval', value: { by: 'somebody' } },
    }),
  },
  {
    flow: expiry,
    payload: () => ({}),
    expected: (job, _n, url) => completed(job, url, ['expire']),
  },
  {
    flow: saga,
    payload: () => ({}),
    expected: (job) => ({
      effects: ['reserve', 'charge', 'undo-charge', 'undo-reserve'].map((what) => `${job}/${what}`),
      inOrder: true,
      status: 'failed',
      dies: true,
    }),
  },
  {
    flow: once,
    payload: (n) => ({ items: sharedItems(n) }),
    expected: (_job, n) => ({
      effects: sharedItems(n).map((item) => `once/${item}`),
      status: undefined,
    }),
  },
  {
    flow: atMost,
    payload: () => ({}),
    expected: (job) => ({
      effects: [`${job}/notify`],
      output: receiptOf(`${job}/notify`),
    }),
  },
  {
    flow: spill,
    payload: (n) => ({ items: manyItems(n) }),
    expected: (job, n) => {
      const effects = manyItems(n).map((item) => `${job}/publish/${item}`);
      return { effects, inOrder: true, output: receiptOf(effects[0]!) };
    },
  },
  {
    flow: accepted,
    payload: () => ({}),
    expected: (job, _n, url) => ({
      effects: [`${job}/note`, `${job}/file`],
      inOrder: true,
      output: { job, url },
    }),
  },
];

const RESTATE_KINDS = KINDS.filter(({ flow }) => !NOT_ON_RESTATE.has(flow));

/** The nth job of a series. */
export function crashJob(n: number, series: string, url: string, backend: Backend): CrashJob {
  const kinds = backend === 'restate' ? RESTATE_KINDS : KINDS;
  const { flow, payload, expected } = kinds[n % kinds.length]!;
  const id = `${series}-${n}`;
  const { id: flowId, name: flowName } = flow.ir;
  return {
    job: {
      id,
      flow: flowId,
      flowName,
      payload: { job: id, url, ...payload(n) },
      maxAttempts: 1_000,
      backoff: { baseMs: 20, factor: 2, maxMs: 200, jitter: 0.5 },
      ...(n % 3 === 0 ? { partition: `p${n % 5}` } : {}),
      ...(n % 7 === 0 && backend !== 'restate' ? { priority: n % 10 } : {}),
    },
    expected: {
      flow: flowName,
      effects: [],
      inOrder: false,
      status: 'completed',
      output: undefined,
      dies: false,
      event: undefined,
      ...expected(id, n, url),
    },
  };
}

function completed(job: string, url: string, names: readonly string[]): Partial<Expected> {
  const effects = names.map((name) => `${job}/${name}`);
  return { effects, output: { job, url, receipts: effects.map(receiptOf) } };
}

function itemsOf(n: number): string[] {
  return Array.from({ length: 2 + (n % 5) }, (_, i) => `item ${i}`);
}

/** More than an edge of two takes. */
function manyItems(n: number): string[] {
  return Array.from({ length: 6 + (n % 4) }, (_, i) => `item ${i}`);
}

function sharedItems(n: number): string[] {
  return [n, n + KINDS.length, n].map((item) => `shared ${item % SHARED_ITEMS}`);
}
