// How long the orchestrator waits before it tries a failed node again: exponential backoff with a
// cap and, where the policy says so, full jitter (uniform between nothing and the whole wait), which
// keeps many runs that failed together from coming back together.
import type { Rng } from '@basalt/capabilities';
import type { RetryPolicy } from '@basalt/ir';

/** Whole milliseconds to wait after `attempt` (1 = the first) has failed. Takes one number from `rng`
 * when there is jitter, none otherwise. @throws RangeError when `attempt` is not a whole number >= 1. */
export function retryDelayMs(policy: RetryPolicy, attempt: number, rng: Rng): number {
  if (!Number.isSafeInteger(attempt) || attempt < 1) {
    throw new RangeError(`retryDelayMs: attempt must be a whole number >= 1, got ${attempt}`);
  }
  const wait = longestWaitMs(policy, attempt);
  if (policy.jitter === 'none') return wait;
  return Math.min(wait, Math.floor(rng.next() * (wait + 1)));
}

function longestWaitMs(policy: RetryPolicy, attempt: number): number {
  // 0 times an overflowed power would be NaN.
  if (policy.backoff_ms === 0) return 0;
  const grown = policy.backoff_ms * policy.multiplier ** (attempt - 1);
  return Math.floor(Math.min(grown, policy.max_backoff_ms));
}
