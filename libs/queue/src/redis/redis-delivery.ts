// One delivery of a job from Redis, while a handler has it.
import type { Delivery, Job } from '../job.js';

/** Makes its signal only when it is asked for: most handlers of short jobs never do. */
export class RedisDelivery implements Delivery {
  readonly job: Job;
  readonly attempt: number;
  #controller: AbortController | undefined;
  #listener: (() => void) | undefined;
  #reason: { readonly is: unknown } | undefined;

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

  abort(reason: unknown): void {
    if (this.#reason !== undefined) return;
    this.#reason = { is: reason };
    this.#controller?.abort(reason);
    this.#listener?.();
  }

  /** Calls `listener` when it is taken away. */
  onAbort(listener: () => void): void {
    this.#listener = listener;
  }
}
