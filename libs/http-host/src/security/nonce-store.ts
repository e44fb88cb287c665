// Remembers what has been received for a fixed time, and never more than its bound. What is
// remembered is not forgotten early: where the store is full, nothing new is accepted.

/** What became of a nonce: taken for the first time, taken before, or no place to remember it. */
export type NonceVerdict = 'new' | 'seen' | 'full';

export class NonceStore {
  // In the order of insertion, which is that of expiry: every nonce is kept equally long.
  readonly #expiries = new Map<string, number>();
  readonly #keepMs: number;
  readonly #max: number;

  /** @param keepMs How long a nonce is remembered. @param max Most nonces at once. */
  constructor(keepMs: number, max: number) {
    this.#keepMs = keepMs;
    this.#max = max;
  }

  get size(): number {
    return this.#expiries.size;
  }

  /** Takes a nonce at `nowMs`. Amortised O(1). */
  take(nonce: string, nowMs: number): NonceVerdict {
    this.#forgetExpired(nowMs);
    if (this.#expiries.has(nonce)) return 'seen';
    if (this.#expiries.size >= this.#max) return 'full';
    this.#expiries.set(nonce, nowMs + this.#keepMs);
    return 'new';
  }

  #forgetExpired(nowMs: number): void {
    for (const [nonce, expiry] of this.#expiries) {
      if (expiry > nowMs) return;
      this.#expiries.delete(nonce);
    }
  }
}
