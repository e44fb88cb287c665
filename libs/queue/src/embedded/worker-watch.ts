// Keeps the workers of a process alive in the eyes of the others, and finds those of other processes
// that have died: at once where their process has ended, else after their time without a beat.
import type { EmbeddedWorker } from './embedded-worker.js';
import { hasEnded } from './process-identity.js';
import type { WorkerRecord } from './worker-records.js';

/** What the watch does with its queue. */
export interface WatchedQueue {
  readonly workers: ReadonlySet<EmbeddedWorker>;
  records(): Promise<readonly WorkerRecord[]>;
  /** Shows a sign of life; false where the worker was given up. */
  beat(worker: EmbeddedWorker): Promise<boolean>;
  /** Makes a worker that was given up known again, under its new token. */
  register(worker: EmbeddedWorker): Promise<void>;
  /** Gives the deliveries of a dead worker to others; `seen` is its last beat, undefined where its
   * process has ended. */
  drop(token: string, seen: number | undefined): Promise<void>;
}

interface Silence {
  beat: number;
  /** Time without a beat that was watched, on a clock that nobody sets. */
  ms: number;
}

const MAX_INTERVAL_MS = 500;
const LEAST_INTERVAL_MS = 20;
/** Beats in the time after which a worker is given up. */
const BEATS = 5;

export class WorkerWatch {
  readonly #queue: WatchedQueue;
  readonly #silences = new Map<string, Silence>();
  readonly #lastBeat = new Map<EmbeddedWorker, number>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = performance.now();
  #stopped = true;

  constructor(queue: WatchedQueue) {
    this.#queue = queue;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#lookedAt = performance.now();
    this.#later();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  get #intervalMs(): number {
    let least = MAX_INTERVAL_MS;
    for (const { limits } of this.#queue.workers) {
      least = Math.min(least, limits.visibilityMs / (2 * BEATS));
    }
    return Math.max(LEAST_INTERVAL_MS, least);
  }

  #later(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look(), this.#intervalMs);
  }

  async #look(): Promise<void> {
    const now = performance.now();
    // A machine that stood still has watched nothing: no more than two intervals count.
    const watched = Math.min(now - this.#lookedAt, 2 * this.#intervalMs);
    this.#lookedAt = now;
    try {
      await this.#beatAll(now);
      await this.#findDead(watched);
    } catch {
      // The folder cannot be used now; what wants to use it is told. The next look tries again.
    }
    this.#later();
  }

  async #beatAll(now: number): Promise<void> {
    for (const worker of this.#queue.workers) {
      const last = this.#lastBeat.get(worker) ?? 0;
      if (now - last < worker.limits.visibilityMs / BEATS) continue;
      this.#lastBeat.set(worker, now);
      if (await this.#queue.beat(worker)) continue;
      worker.loseLease('it showed no sign of life for too long');
      await this.#queue.register(worker);
    }
    for (const worker of this.#lastBeat.keys()) {
      if (!this.#queue.workers.has(worker)) this.#lastBeat.delete(worker);
    }
  }

  async #findDead(watched: number): Promise<void> {
    const own = new Set([...this.#queue.workers].map(({ token }) => token));
    const seen = new Set<string>();
    for (const record of await this.#queue.records()) {
      const { token } = record;
      if (own.has(token)) continue;
      seen.add(token);
      if (hasEnded(record.process)) await this.#queue.drop(token, undefined);
      else if (this.#isSilent(record, watched)) await this.#queue.drop(token, record.beat);
    }
    for (const token of this.#silences.keys()) if (!seen.has(token)) this.#silences.delete(token);
  }

  #isSilent({ token, beat, visibilityMs }: WorkerRecord, watched: number): boolean {
    const silence = this.#silences.get(token);
    if (silence === undefined || silence.beat !== beat) {
      this.#silences.set(token, { beat, ms: 0 });
      return false;
    }
    silence.ms += watched;
    return silence.ms >= visibilityMs;
  }
}
