// One worker of an embedded queue: the deliveries that it has, their limits, and how they end.
import { randomUUID } from 'node:crypto';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { isMap } from '../is-map.js';
import type { Delivery, DeliveryOutcome, JobFault } from '../job.js';
import type { QueueWorker, WorkerOptions } from '../queue-backend.js';
import { workerLimits, type WorkerLimits } from '../worker-limits.js';
import type { Taken, Taker } from './take-jobs.js';

export type Handle = (delivery: Delivery) => Promise<DeliveryOutcome>;

/** What a worker needs of its queue. */
export interface WorkerQueue {
  readonly queue: string;
  /** Writes an outcome; false where the worker no longer holds the job. */
  settle(token: string, taken: Taken, outcome: DeliveryOutcome): Promise<boolean>;
  /** Resolves when nothing more is on its way to a worker that is closing. */
  barrier(): Promise<void>;
  /** The worker has ended: forgets it. */
  leave(worker: EmbeddedWorker): Promise<void>;
}

/** A delivery that has not ended. */
class Active {
  readonly taken: Taken;
  /** Its outcome is decided: what its handler says from now on counts for nothing. */
  settled = false;
  /** Made when it is asked for: most handlers have no use for it, and it costs as much as a job. */
  #stop: AbortController | undefined;

  constructor(taken: Taken) {
    this.taken = taken;
  }

  get #controller(): AbortController {
    return (this.#stop ??= new AbortController());
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: DiagnosticError): void {
    this.#controller.abort(reason);
  }
}

/** Before an outcome that could not be written is tried again. */
const SETTLE_AGAIN_MS = 500;
const OUTCOMES: ReadonlySet<unknown> = new Set(['done', 'retry', 'dead', 'parked']);

export class EmbeddedWorker implements QueueWorker {
  readonly id: string;
  readonly limits: WorkerLimits;
  /** Names this worker in the queue; another one after its lease was lost. */
  token: string = randomUUID();
  closing = false;
  #isCut = false;
  readonly #queue: WorkerQueue;
  readonly #handle: Handle;
  readonly #active = new Map<Taken, Active>();
  #empty: (() => void)[] = [];
  #closed: Promise<void> | undefined;

  constructor(queue: WorkerQueue, handle: Handle, options: WorkerOptions) {
    this.limits = workerLimits(options);
    this.id = options.id ?? `${process.pid}-${this.token.slice(0, 8)}`;
    this.#queue = queue;
    this.#handle = handle;
  }

  get activeCount(): number {
    return this.#active.size;
  }

  /** How much it can take, once `released` have ended. */
  taker(released: ReadonlySet<unknown>): Taker {
    const flows = new Map<string, number>();
    let active = 0;
    for (const taken of this.#active.keys()) {
      if (released.has(taken)) continue;
      active += 1;
      const { flow } = taken.job;
      if (this.limits.perFlow.has(flow)) flows.set(flow, (flows.get(flow) ?? 0) + 1);
    }
    const room = this.closing ? 0 : this.limits.concurrency - active;
    return { queue: this.#queue.queue, worker: this.token, limits: this.limits, room, flows };
  }

  /** Begins deliveries that are on disk as this worker's. */
  begin(taken: readonly Taken[]): void {
    for (const one of taken) {
      const active = new Active(one);
      this.#active.set(one, active);
      if (!this.#isCut) void this.#deliver(active);
    }
    if (this.#isCut) this.#cut();
  }

  /** The queue has given its deliveries to others. */
  loseLease(problem: string): void {
    this.token = randomUUID();
    for (const active of [...this.#active.values()]) {
      const lost = diagnostic.QUE109({ job: active.taken.job.id, problem });
      this.#end(active, new DiagnosticError([lost]));
    }
  }

  close(graceMs?: number): Promise<void> {
    this.closing = true;
    this.#closed ??= this.#close();
    if (graceMs !== undefined) void this.#cutAfter(graceMs);
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#queue.barrier();
    if (this.#active.size > 0) await new Promise<void>((resolve) => this.#empty.push(resolve));
    await this.#queue.leave(this);
  }

  async #cutAfter(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#cut(), graceMs);
    await this.#closed;
    clearTimeout(timer);
  }

  #cut(): void {
    this.#isCut = true;
    for (const active of [...this.#active.values()]) {
      if (active.settled) continue;
      active.settled = true;
      const reason = diagnostic.QUE112({ job: active.taken.job.id });
      active.abort(new DiagnosticError([reason]));
      void this.#settle(active, { kind: 'retry', reason, countsAttempt: false });
    }
  }

  async #deliver(active: Active): Promise<void> {
    const { job, attempt } = active.taken;
    let outcome: DeliveryOutcome;
    try {
      const delivery: Delivery = {
        job,
        attempt,
        get signal() {
          return active.signal;
        },
      };
      outcome = checkOutcome(await this.#handle(delivery), job.id);
    } catch (error) {
      outcome = { kind: 'retry', reason: faultOf(error, job.id) };
    }
    if (active.settled) return;
    active.settled = true;
    await this.#settle(active, outcome);
  }

  /** Tries until the outcome is written, or the job is not this worker's any more. */
  async #settle(active: Active, outcome: DeliveryOutcome): Promise<void> {
    const { token } = this;
    while (this.#active.has(active.taken) && token === this.token) {
      try {
        await this.#queue.settle(token, active.taken, outcome);
        break;
      } catch {
        // The disk does not take it now: the lease is kept, and the job with it.
        await new Promise((resolve) => setTimeout(resolve, SETTLE_AGAIN_MS).unref());
      }
    }
    this.#remove(active);
  }

  #end(active: Active, reason: DiagnosticError): void {
    active.settled = true;
    active.abort(reason);
    this.#remove(active);
  }

  #remove({ taken }: Active): void {
    this.#active.delete(taken);
    if (this.#active.size > 0) return;
    const waiting = this.#empty;
    this.#empty = [];
    for (const resolve of waiting) resolve();
  }
}

/** The outcome, where it is one; handlers may be written without types. */
function checkOutcome(outcome: unknown, job: string): DeliveryOutcome {
  const known = isMap(outcome) && OUTCOMES.has(outcome['kind']);
  const { reason } = (known ? outcome : {}) as { readonly reason?: Partial<JobFault> };
  const kind = known ? outcome['kind'] : undefined;
  const explained =
    kind === 'done' ||
    kind === 'parked' ||
    (typeof reason?.code === 'string' && typeof reason.message === 'string');
  if (known && explained) return outcome as unknown as DeliveryOutcome;
  const broken = diagnostic.QUE111({ job, reason: 'it gave no outcome' });
  throw new DiagnosticError([broken]);
}

function faultOf(error: unknown, job: string): JobFault {
  if (error instanceof DiagnosticError) {
    const { code, message } = error.diagnostic;
    return { code, message };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const { code, message } = diagnostic.QUE111({ job, reason });
  return { code, message };
}
