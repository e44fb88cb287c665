// The rate_limit surfaces of one node: an attempt begins only with a token of every bucket.
import type { FlowRun } from './flow-run.js';
import type { NodeRun } from './node-run.js';
import { TokenBucket } from '../recovery/token-bucket.js';

export class RateGate {
  readonly #run: FlowRun;
  readonly #node: NodeRun;
  readonly #buckets: readonly TokenBucket[];
  /** A token was taken and its message has not come yet. */
  #hasToken = false;
  /** A token was promised for later. */
  #waits = false;

  constructor(run: FlowRun, node: NodeRun) {
    this.#run = run;
    this.#node = node;
    const now = run.clock.now();
    this.#buckets = node.plan.rateLimits.map(({ qps, burst }) => new TokenBucket(qps, burst, now));
  }

  get waits(): boolean {
    return this.#waits;
  }

  /** True where a message may begin now; otherwise wakes the node when it may. */
  pass(): boolean {
    if (this.#hasToken) return true;
    if (this.#waits) return false;
    const wait = this.reserve();
    if (wait === 0) {
      this.#hasToken = true;
      return true;
    }
    this.#waits = true;
    this.#run.timers.set(wait, () => {
      this.#waits = false;
      this.#hasToken = true;
      this.#node.wake();
    });
    return false;
  }

  /** The message has begun. */
  spend(): void {
    this.#hasToken = false;
  }

  /** Takes a token of every bucket; milliseconds until all of them are there. */
  reserve(): number {
    const now = this.#run.clock.now();
    return this.#buckets.reduce((wait, bucket) => Math.max(wait, bucket.reserve(now)), 0);
  }
}
