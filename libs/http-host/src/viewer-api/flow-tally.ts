// What the store knows of the runs of one flow as a whole: how many it remembers, how long they take, and
// how many more completed ones it may keep now. Where a flow has more runs than the store could hold for a
// readable while, only some of those that completed like all others are kept; the rest is counted.
import type { RecordedStatus } from './recorded-run.js';

/** Runs by status. */
export type RunCounts = Readonly<Record<RecordedStatus, number>>;

/** An average follows its runs within about so many. */
const AVERAGED = 64;
/** A run is slow that takes so many times the average, and more than this, in milliseconds. */
const SLOW_FACTOR = 4;
const LEAST_SLOW_MS = 1;
/** Most runs that a flow keeps at once after a time with fewer. */
const BURST = 1000;
/** Places of the log of a first run. */
const FIRST_ROOM = 64;
const MAX_ROOM = 512;

export class FlowTally {
  readonly counts: Record<RecordedStatus, number> = {
    running: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
  };
  /** Completed runs that were not kept. */
  notKept = 0;
  /** Whether the last run ended before anything else happened in this process. */
  isPrompt = false;
  #room = FIRST_ROOM;
  #averageMs = 0;
  /** Runs that may be kept now; a fraction while one has to wait. */
  #allowance = BURST;
  #allowedAt = 0;

  /** Places of a log that a run of this flow will need. */
  get room(): number {
    return this.#room;
  }

  /** A log had so many places at the end of its run. */
  sized(places: number): void {
    this.#room = Math.min(MAX_ROOM, Math.max(1, places));
  }

  /** Whether a run that has completed took longer than most; it counts for those that follow. */
  isSlow(durationMs: number): boolean {
    const isSlow = durationMs > LEAST_SLOW_MS && durationMs > SLOW_FACTOR * this.#averageMs;
    this.#averageMs += (durationMs - this.#averageMs) / AVERAGED;
    return isSlow;
  }

  /** Whether another run that is like all others may be kept.
   * @param now milliseconds since the epoch
   * @param perSecond most such runs of this flow that may be kept, in the long run */
  hasRoom(now: number, perSecond: number): boolean {
    const gained = (Math.max(0, now - this.#allowedAt) * perSecond) / 1000;
    this.#allowedAt = now;
    this.#allowance = Math.min(BURST, this.#allowance + gained);
    return this.#allowance >= 1;
  }

  /** The same; where it may, its place is taken. */
  admits(now: number, perSecond: number): boolean {
    if (!this.hasRoom(now, perSecond)) return false;
    this.#allowance -= 1;
    return true;
  }
}
