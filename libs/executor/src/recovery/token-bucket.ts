// The token bucket of a rate_limit surface, kept as one number: the time at which the bucket would
// be full again if nobody took another token (the generic cell rate algorithm, ITU-T I.371). Tokens
// are reserved, so waiting callers stay in the order in which they asked.

/** At most `burst` tokens at once, `qps` new ones a second; full at `nowMs`. */
export class TokenBucket {
  readonly #intervalMs: number;
  /** How far the bucket may be in debt to the future before a caller has to wait. */
  readonly #toleranceMs: number;
  #lastMs: number;
  /** Time on the bucket's own clock, which stands still while the given one jumps backwards. */
  #elapsedMs = 0;
  #fullAtMs = 0;

  /** @throws RangeError unless qps > 0 is finite, burst >= 1 is whole and nowMs is finite. */
  constructor(qps: number, burst: number, nowMs: number) {
    if (!(qps > 0 && qps < Infinity && 1000 / qps < Infinity)) {
      throw new RangeError(`TokenBucket: qps must be positive, got ${qps}`);
    }
    if (!(Number.isSafeInteger(burst) && burst >= 1)) {
      throw new RangeError(`TokenBucket: burst must be a whole number >= 1, got ${burst}`);
    }
    this.#intervalMs = 1000 / qps;
    this.#toleranceMs = (burst - 1) * this.#intervalMs;
    this.#lastMs = finite(nowMs);
  }

  /** Takes the next token and returns how many milliseconds (maybe a fraction) its caller has to wait
   * for it; 0 = now. A jump of the clock backwards counts as no time passed. */
  reserve(nowMs: number): number {
    this.#elapsedMs += Math.max(0, finite(nowMs) - this.#lastMs);
    this.#lastMs = nowMs;
    const from = Math.max(this.#fullAtMs, this.#elapsedMs);
    this.#fullAtMs = from + this.#intervalMs;
    return Math.max(0, from - this.#toleranceMs - this.#elapsedMs);
  }
}

function finite(ms: number): number {
  if (!Number.isFinite(ms)) throw new RangeError(`TokenBucket: time must be finite, got ${ms}`);
  return ms;
}
