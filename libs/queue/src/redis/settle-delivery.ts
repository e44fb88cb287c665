// What becomes of a delivery, in BullMQ's words: it returns, throws, or has moved the job itself.
import { DelayedError, UnrecoverableError, type Job as BullJob } from 'bullmq';
import type { DeliveryOutcome } from '../job.js';
import { retryDelay } from '../retry-delay.js';
import { failedReasonText, type FailedReason } from './failed-reason.js';
import type { QueueClient } from './queue-client.js';
import type { RedisDelivery } from './redis-delivery.js';

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
  if (countsAttempt === false) return giveBack(client, bull, token, delayMs ?? 0, false);
  if (attempt >= job.maxAttempts) throw dead({ cause: 'exhausted', reason, attempts: attempt });
  const wait = delayMs ?? retryDelay(job.backoff, attempt, Math.random());
  return giveBack(client, bull, token, wait, true);
}

/** Puts the job back, now or after a delay. */
export async function giveBack(
  client: QueueClient,
  bull: BullJob,
  token: string,
  delayMs: number,
  countsAttempt: boolean,
): Promise<never> {
  const due = delayMs > 0 ? Date.now() + Math.ceil(delayMs) : 0;
  await client.run('basaltGiveBack', [bull.id!, token, due, countsAttempt ? 1 : 0]);
  // BullMQ leaves the job alone then, and takes the next one.
  throw new DelayedError();
}

/** What makes BullMQ put a job aside. */
export function dead(reason: FailedReason): UnrecoverableError {
  const error = new UnrecoverableError(failedReasonText(reason));
  // BullMQ would keep it with the job.
  delete error.stack;
  return error;
}
