// What becomes of a delivery, in BullMQ's words: it returns, throws, or has moved the job itself.
import { diagnostic } from '@basalt/diagnostics';
import { DelayedError, UnrecoverableError, WaitingError, type Job as BullJob } from 'bullmq';
import type { DeliveryOutcome, JobFault } from '../job.js';
import { retryDelay } from '../retry-delay.js';
import { failedReasonText, type FailedReason } from './failed-reason.js';
import type { QueueClient } from './queue-client.js';
import type { RedisDelivery } from './redis-delivery.js';

/** Thrown for an attempt that failed and is followed by another; BullMQ asks it for the delay. */
export class FailedAttempt extends Error {
  readonly delayMs: number;

  constructor(reason: JobFault, delayMs: number) {
    super(`${reason.code}: ${reason.message}`);
    this.delayMs = delayMs;
  }
}

/** Settles an outcome for the job that `bull` stands for; what it throws is for BullMQ. */
export async function settleDelivery(
  client: QueueClient,
  bull: BullJob,
  token: string,
  delivery: RedisDelivery,
  outcome: DeliveryOutcome,
): Promise<void> {
  switch (outcome.kind) {
    case 'done':
      return;
    case 'dead':
      throw dead({ cause: 'rejected', reason: outcome.reason, attempts: delivery.attempt });
    case 'parked':
      await client.run('basaltPark', [
        bull.id!,
        token,
        outcome.until === undefined ? '' : Math.ceil(outcome.until),
      ]);
      throw new DelayedError();
    case 'retry':
      return retry(client, bull, token, delivery, outcome);
    default:
      return outcome satisfies never;
  }
}

async function retry(
  client: QueueClient,
  bull: BullJob,
  token: string,
  { job, attempt }: RedisDelivery,
  { reason, delayMs, countsAttempt }: Extract<DeliveryOutcome, { kind: 'retry' }>,
): Promise<void> {
  if (countsAttempt === false) return giveBack(bull, token, delayMs ?? 0);
  if (attempt >= job.maxAttempts) throw dead({ cause: 'exhausted', reason, attempts: attempt });
  await client.ask('retry', (redis) =>
    redis.hincrby(`${client.prefix}basalt:totals`, 'retried', 1),
  );
  throw new FailedAttempt(reason, delayMs ?? retryDelay(job.backoff, attempt, Math.random()));
}

/** Puts the job back without an attempt. */
export async function giveBack(bull: BullJob, token: string, delayMs: number): Promise<never> {
  if (delayMs <= 0) {
    await bull.moveToWait(token);
    throw new WaitingError();
  }
  await bull.moveToDelayed(Date.now() + Math.ceil(delayMs), token);
  throw new DelayedError();
}

/** What makes BullMQ put a job aside. */
export function dead(reason: FailedReason): UnrecoverableError {
  return new UnrecoverableError(failedReasonText(reason));
}

/** The outcome that a handler gave, where it is one; else a failed attempt. */
export function checkedOutcome(jobId: string, given: unknown): DeliveryOutcome {
  const kind = (given as DeliveryOutcome | undefined)?.kind;
  if (kind === 'done' || kind === 'retry' || kind === 'dead' || kind === 'parked') {
    return given as DeliveryOutcome;
  }
  return brokenHandler(jobId, 'it gave no outcome');
}

/** The outcome of a delivery whose handler threw. */
export function brokenHandler(jobId: string, reason: string): DeliveryOutcome {
  const { code, message } = diagnostic.QUE111({ job: jobId, reason });
  return { kind: 'retry', reason: { code, message } };
}
