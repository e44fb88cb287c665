// What a queue carries: the invocation of a flow, and how it is to be delivered.
import type { Value } from '@basalt/ir';

/** A job as a producer gives it. */
export interface NewJob {
  /** Flow id (uuid), by which workers find the flow. */
  readonly flow: string;
  /** Flow name, for people. */
  readonly flowName: string;
  readonly trigger?: string | undefined;
  readonly capture?: string | undefined;
  readonly payload: Value;
  /** Milliseconds for one execution. */
  readonly deadlineMs?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly extensions?: Readonly<Record<string, Value>> | undefined;
  /** Chosen by the producer, else made; it is the run id, too. Enqueuing an id again is a duplicate. */
  readonly id?: string | undefined;
  /** A second job with this key within `dedupeTtlMs` is not taken in, and names the first. */
  readonly dedupeKey?: string | undefined;
  /** Milliseconds; at least 1; 300 000 when absent. */
  readonly dedupeTtlMs?: number | undefined;
  /** Jobs of one partition are delivered one at a time, in order of arrival, whatever their priority.
   * One that waits for its next attempt holds its partition; a parked one, and one that is delayed
   * before its first attempt, do not. */
  readonly partition?: string | undefined;
  /** Higher first; integer from -100 to 100; 0 when absent. Within a priority: order of arrival. */
  readonly priority?: number | undefined;
  /** Not before this time on the wall clock, milliseconds since the epoch. */
  readonly notBefore?: number | undefined;
  /** Deliveries before the job is a dead letter; 5 when absent. */
  readonly maxAttempts?: number | undefined;
  readonly backoff?: Backoff | undefined;
}

/** Wait before attempt n+1: min(maxMs, baseMs * factor^(n-1)), of which up to `jitter` (0..1) is taken
 * away at random. */
export interface Backoff {
  readonly baseMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitter: number;
}

export const DEFAULT_BACKOFF: Backoff = { baseMs: 500, factor: 2, maxMs: 300_000, jitter: 0.5 };
export const DEFAULT_MAX_ATTEMPTS = 5;
export const DEFAULT_DEDUPE_TTL_MS = 300_000;

/** A job as it lies in a queue. */
export interface Job extends NewJob {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly enqueuedAt: number;
  readonly maxAttempts: number;
  readonly priority: number;
  readonly backoff: Backoff;
}

/** One delivery of a job to a worker. */
export interface Delivery {
  readonly job: Job;
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborted when the lease is lost or the worker stops without waiting. */
  readonly signal: AbortSignal;
}

/** What became of a delivery.
 * - done: acknowledged; never delivered again.
 * - retry: delivered again after its backoff, or after `delayMs`; a dead letter when its attempts are
 *   used up. `countsAttempt: false` (waiting for another holder, a worker that drains) uses none.
 * - dead: a dead letter at once; it would fail in the same way again.
 * - parked: the run waits for an event and is not delivered until `resume` is called for it, or until
 *   the time `until` (milliseconds since the epoch). Uses no attempt. */
export type DeliveryOutcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'retry';
      readonly reason: JobFault;
      readonly delayMs?: number | undefined;
      readonly countsAttempt?: boolean | undefined;
    }
  | { readonly kind: 'dead'; readonly reason: JobFault }
  | { readonly kind: 'parked'; readonly until?: number | undefined };

/** Why a delivery failed, as it is kept with the job. */
export interface JobFault {
  readonly code: string;
  readonly message: string;
}

/** A job that is not delivered any more until somebody decides. */
export interface DeadLetter {
  /** That of the job; made for a record that does not even show one. */
  readonly id: string;
  /** Undefined where the record could not be read; `raw` holds its bytes then. */
  readonly job?: Job | undefined;
  readonly attempts: number;
  readonly reason: JobFault;
  /** exhausted: its attempts are used up. rejected: it cannot succeed. poison: its worker died or lost
   * its lease on every attempt. malformed: it could not be read. */
  readonly cause: 'exhausted' | 'rejected' | 'poison' | 'malformed';
  readonly diedAt: number;
  readonly raw?: Uint8Array | undefined;
}
