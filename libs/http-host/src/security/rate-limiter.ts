// Token buckets for many clients, one number each: the time at which the bucket of the client would be
// full again (the generic cell rate algorithm, ITU-T I.371). Unlike a rate_limit surface, which makes
// callers wait, this one refuses, and a refused request takes no token.

/** What became of a request. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** Requests that the client may send at once from now on. */
  readonly remaining: number;
  /** Milliseconds until a request is accepted; 0 where this one was. */
  readonly retryAfterMs: number;
  /** Milliseconds until the bucket is full. */
  readonly resetMs: number;
}

export interface RateLimitOptions {
  /** Requests a second that a client may send in the long run. */
  readonly perSecond: number;
  /** Requests that it may send at once; perSecond, rounded up, when absent. */
  readonly burst?: number;
  /** Most clients that are remembered; the one that was quiet longest is forgotten; default 10,000. */
  readonly maxClients?: number;
}

const DEFAULT_MAX_CLIENTS = 10_000;

export class RateLimiter {
  /** In the order of the last request: the first was quiet longest. */
  readonly #fullAt = new Map<string, number>();
  readonly #intervalMs: number;
  readonly #maxClients: number;
  readonly burst: number;
  readonly perSecond: number;

  /** @throws RangeError unless perSecond > 0 is finite and the other two are whole numbers >= 1. */
  constructor({ perSecond, burst, maxClients = DEFAULT_MAX_CLIENTS }: RateLimitOptions) {
    const size = burst ?? Math.max(1, Math.ceil(perSecond));
    if (!(perSecond > 0 && Number.isFinite(perSecond) && Number.isFinite(1000 / perSecond))) {
      throw new RangeError(`perSecond is ${perSecond}, and a number above 0 is needed`);
    }
    for (const [name, value] of Object.entries({ burst: size, maxClients })) {
      if (!Number.isSafeInteger(value) || value < 1) {
        throw new RangeError(`${name} is ${value}, and a whole number above 0 is needed`);
      }
    }
    this.perSecond = perSecond;
    this.burst = size;
    this.#intervalMs = 1000 / perSecond;
    this.#maxClients = maxClients;
  }

  /** Number of clients that are remembered. */
  get clients(): number {
    return this.#fullAt.size;
  }

  /** Takes a token of `client` at `nowMs`, milliseconds of a clock that never goes back. O(1). */
  take(client: string, nowMs: number): RateVerdict {
    const from = Math.max(this.#fullAt.get(client) ?? 0, nowMs);
    const waitMs = from - nowMs - (this.burst - 1) * this.#intervalMs;
    const allowed = waitMs <= 0;
    const fullAt = allowed ? from + this.#intervalMs : from;
    if (allowed) {
      this.#fullAt.delete(client);
      this.#fullAt.set(client, fullAt);
      this.#forget(nowMs);
    }
    const resetMs = fullAt - nowMs;
    const remaining = Math.max(0, Math.floor(this.burst - resetMs / this.#intervalMs + 1e-9));
    return { allowed, remaining, retryAfterMs: Math.max(0, waitMs), resetMs };
  }

  /** Forgets clients whose buckets are full again, and beyond the bound the quietest. At most two a
   * call, so that no call takes long. */
  #forget(nowMs: number): void {
    for (let turn = 0; turn < 2; turn += 1) {
      const oldest = this.#fullAt.entries().next();
      if (oldest.done === true) return;
      const [client, fullAt] = oldest.value;
      if (fullAt > nowMs && this.#fullAt.size <= this.#maxClients) return;
      this.#fullAt.delete(client);
    }
  }
}
