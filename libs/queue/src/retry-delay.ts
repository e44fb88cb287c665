// How long a job waits before its next attempt.
import type { Backoff } from './job.js';

/** Milliseconds before the attempt that follows `attempt` (1 for the first), whole and at least 0.
 * @param chance from 0 up to 1: how much of the jitter is taken away. */
export function retryDelay(backoff: Backoff, attempt: number, chance: number): number {
  const { baseMs, factor, maxMs, jitter } = backoff;
  const full = Math.min(maxMs, baseMs * factor ** (attempt - 1));
  return Math.max(0, Math.round(full * (1 - jitter * chance)));
}
