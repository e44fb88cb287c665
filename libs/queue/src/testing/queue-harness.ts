// What the conformance suite needs of a backend under test, and what its cases share.
import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import type { Delivery, DeliveryOutcome, NewJob } from '../job.js';
import type { QueueBackend, QueueStatus, QueueWorker, WorkerOptions } from '../queue-backend.js';

/** A kind of backend under test. */
export interface QueueHarness {
  /** Opens a queue. One name may be open several times at once. */
  open(queue: string, options?: { readonly maxJobBytes?: number }): Promise<QueueBackend>;
}

/** One promise that every backend keeps. */
export interface ConformanceCase {
  readonly name: string;
  run(queue: QueueUnderTest): Promise<void>;
}

/** Long enough for any backend; it only ends a hang. */
const HANG_MS = 30_000;

/** A queue of its own for one case, with all that was opened for it. */
export class QueueUnderTest {
  readonly name = `conformance ${randomUUID()}`;
  readonly #harness: QueueHarness;
  readonly #opened: QueueBackend[] = [];
  readonly #workers: QueueWorker[] = [];

  constructor(harness: QueueHarness) {
    this.#harness = harness;
  }

  async open(options?: { readonly maxJobBytes?: number }, name = this.name): Promise<QueueBackend> {
    const backend = await this.#harness.open(name, options);
    this.#opened.push(backend);
    return backend;
  }

  /** A worker that ends with the case. */
  work(
    backend: QueueBackend,
    handle: (delivery: Delivery) => Promise<DeliveryOutcome> | DeliveryOutcome,
    options?: WorkerOptions,
  ): QueueWorker {
    const worker = backend.work(async (delivery) => handle(delivery), options);
    this.#workers.push(worker);
    return worker;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close(0)));
    await Promise.all(this.#opened.map((backend) => backend.close()));
  }
}

/** A job that is good, with whatever is given. */
export function job(given: Partial<NewJob> = {}): NewJob {
  return { flow: FLOW, flowName: 'orders', payload: null, ...given };
}

export const FLOW = '6f1c2a9e-7a43-5c0e-9d55-0a7d1f3b2c11';
export const DONE: DeliveryOutcome = { kind: 'done' };

/** Retries at once, so that no case waits for a backoff. */
export const AT_ONCE = { baseMs: 0, factor: 1, maxMs: 0, jitter: 0 } as const;

/** Resolves when `check` holds; fails only when it does not for very long. */
export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + HANG_MS;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`in vain waited until ${what}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The code with which a promise rejects; undefined when it does not. */
export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return (error as { diagnostic?: { code: string } }).diagnostic?.code ?? String(error);
  }
}

/** The code with which a call throws; undefined when it does not. */
export function thrownCode(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as { diagnostic?: { code: string } }).diagnostic?.code ?? String(error);
  }
}

/** Waits until a queue has these counts, and checks the totals that are named. */
export async function settled(
  backend: QueueBackend,
  counts: Partial<QueueStatus['counts']>,
  totals: Partial<QueueStatus['totals']> = {},
): Promise<void> {
  const expected = { ready: 0, delayed: 0, active: 0, parked: 0, dead: 0, ...counts };
  await until(`the counts are ${JSON.stringify(expected)}`, async () => {
    const found = (await backend.status()).counts;
    return Object.entries(expected).every(([state, n]) => found[state as 'ready'] === n);
  });
  const found = (await backend.status()).totals;
  assert.deepEqual({ ...found, ...totals }, found);
}

/** A gate that deliveries wait at. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
