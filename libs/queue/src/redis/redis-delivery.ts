// One delivery of a job from Redis, while a handler has it.
import { diagnostic } from '@basalt/diagnostics';
import type { Delivery, DeliveryOutcome, Job } from '../job.js';

/** How long a handler has to give an outcome after it was aborted. */
const ABORT_GRACE_MS = 2_000;

/** Makes its signal only when it is asked for: most handlers of short jobs never do. */
export class RedisDelivery implements Delivery {
  readonly job: Job;
  readonly attempt: number;
  #controller: AbortController | undefined;
  #reason: { readonly is: unknown } | undefined;
  #resolve: ((outcome: DeliveryOutcome) => void) | undefined;

  constructor(job: Job, attempt: number) {
    this.job = job;
    this.attempt = attempt;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason.is);
    }
    return this.#controller.signal;
  }

  /** The outcome that a handler gives, or, when it was aborted and gives none, that of a stop. */
  run(handle: (delivery: Delivery) => Promise<DeliveryOutcome>): Promise<DeliveryOutcome> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      handle(this).then(
        (given) => resolve(checkedOutcome(this.job.id, given)),
        (error: unknown) => resolve(brokenHandler(this.job.id, wordsOf(error))),
      );
    });
  }

  /** Takes it away from its handler. */
  abort(reason: unknown): void {
    if (this.#reason !== undefined) return;
    this.#reason = { is: reason };
    this.#controller?.abort(reason);
    setTimeout(() => this.#resolve?.(stopped(this.job.id)), ABORT_GRACE_MS);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The outcome of a delivery that was aborted while its handler was silent. */
function stopped(id: string): DeliveryOutcome {
  const { code, message } = diagnostic.QUE112({ job: id });
  return { kind: 'retry', reason: { code, message }, countsAttempt: false };
}

/** The outcome that a handler gave, where it is one; else a failed attempt. */
function checkedOutcome(jobId: string, given: unknown): DeliveryOutcome {
  const kind = (given as DeliveryOutcome | undefined)?.kind;
  if (kind === 'done' || kind === 'retry' || kind === 'dead' || kind === 'parked') {
    return given as DeliveryOutcome;
  }
  return brokenHandler(jobId, 'it gave no outcome');
}

/** The outcome of a delivery whose handler threw. */
function brokenHandler(jobId: string, reason: string): DeliveryOutcome {
  const { code, message } = diagnostic.QUE111({ job: jobId, reason });
  return { kind: 'retry', reason: { code, message } };
}
