// Session windows: for each key, items less than a gap apart belong together, up to a longest length
// counted from the first of them; a session that reaches it is cut, and the next item starts
// another. Sessions of one key never overlap, and what they hold does not depend on the order of
// arrival, as long as nothing came late.
import { MinHeap } from '../structures/min-heap.js';
import { SessionRun } from './session-run.js';
import type { OpenWindows, TimedItem, WindowResult } from './window-result.js';

/** The open sessions of one key. */
interface KeySessions {
  readonly token: string;
  /** In order of time, each at least a gap from the next. */
  readonly runs: SessionRun[];
  /** End of the last session that was closed. */
  closedMs: number;
  /** Earliest time at which this key waits in the heap; Infinity when it does not. */
  queuedMs: number;
}

interface Wake {
  readonly atMs: number;
  readonly sessions: KeySessions;
}

interface Closing {
  readonly result: WindowResult;
  readonly seq: number;
}

/** An item costs O(log n) when items come roughly in order. */
export class SessionWindows implements OpenWindows {
  readonly #gapMs: number;
  readonly #maxMs: number;
  readonly #keys = new Map<string, KeySessions>();
  readonly #wakes = new MinHeap<Wake>((a, b) => a.atMs < b.atMs);

  constructor(gapMs: number, maxMs: number) {
    this.#gapMs = gapMs;
    this.#maxMs = maxMs;
  }

  assign(item: TimedItem, watermarkMs: number): boolean {
    const known = this.#keys.get(item.keyToken);
    const runs = known?.runs ?? [];
    const at = this.#firstNear(runs, item.timeMs);
    const near = runs.slice(at, this.#firstAfter(runs, at, item.timeMs));
    if (this.#isLate(item.timeMs, watermarkMs, near, known?.closedMs)) return false;
    const sessions = known ?? this.#addKey(item.keyToken);
    sessions.runs.splice(at, near.length, SessionRun.joined(near, item));
    this.#wakeAt(sessions, this.#endOf(sessions.runs[0]!));
    return true;
  }

  close(watermarkMs: number): readonly WindowResult[] {
    const closings: Closing[] = [];
    for (;;) {
      const wake = this.#wakes.peek();
      if (wake === undefined || wake.atMs > watermarkMs) break;
      this.#wakes.pop();
      // An earlier wake of this key has replaced this one.
      if (wake.atMs !== wake.sessions.queuedMs) continue;
      wake.sessions.queuedMs = Infinity;
      this.#closeKey(wake.sessions, watermarkMs, closings);
    }
    return closings.sort(byEndStartArrival).map((closing) => closing.result);
  }

  #closeKey(sessions: KeySessions, watermarkMs: number, closings: Closing[]): void {
    const { runs } = sessions;
    while (runs.length > 0) {
      const run = runs[0]!;
      const endMs = this.#endOf(run);
      if (endMs > watermarkMs) {
        this.#wakeAt(sessions, endMs);
        return;
      }
      closings.push(closingOf(run.takeBefore(run.startMs + this.#maxMs), endMs));
      sessions.closedMs = endMs;
      if (run.length === 0) runs.shift();
    }
    // Nothing that is not late by itself can fall into the last session any more.
    const forgetMs = sessions.closedMs + this.#gapMs;
    if (forgetMs > watermarkMs) this.#wakeAt(sessions, forgetMs);
    else this.#keys.delete(sessions.token);
  }

  /** End of the first session of a run. Where it is cut, its last item is less than a gap before the
   * cut, so the smaller of both ends is right in either case. */
  #endOf(run: SessionRun): number {
    return Math.min(run.lastMs + this.#gapMs, run.startMs + this.#maxMs);
  }

  /** An item is late when the session that it belongs to is closed. */
  #isLate(
    timeMs: number,
    watermarkMs: number,
    near: readonly SessionRun[],
    closedMs = -Infinity,
  ): boolean {
    if (timeMs < closedMs) return true;
    if (near.length === 0) return timeMs + Math.min(this.#gapMs, this.#maxMs) <= watermarkMs;
    // It would become the start of an open session, whose cut moves forward with it.
    return timeMs < near[0]!.startMs && timeMs + this.#maxMs <= watermarkMs;
  }

  /** Index of the first run that ends less than a gap before `timeMs`, or later. */
  #firstNear(runs: readonly SessionRun[], timeMs: number): number {
    let at = runs.length;
    while (at > 0 && timeMs - runs[at - 1]!.lastMs < this.#gapMs) at -= 1;
    return at;
  }

  #firstAfter(runs: readonly SessionRun[], from: number, timeMs: number): number {
    let at = from;
    while (at < runs.length && runs[at]!.startMs - timeMs < this.#gapMs) at += 1;
    return at;
  }

  #addKey(token: string): KeySessions {
    const sessions = { token, runs: [], closedMs: -Infinity, queuedMs: Infinity };
    this.#keys.set(token, sessions);
    return sessions;
  }

  #wakeAt(sessions: KeySessions, atMs: number): void {
    if (atMs >= sessions.queuedMs) return;
    sessions.queuedMs = atMs;
    this.#wakes.push({ atMs, sessions });
  }
}

function closingOf(items: readonly TimedItem[], endMs: number): Closing {
  const startMs = items[0]!.timeMs;
  const arrived = [...items].sort((a, b) => a.seq - b.seq);
  return {
    seq: arrived[0]!.seq,
    result: {
      key: arrived[0]!.key,
      start_ms: startMs,
      end_ms: endMs,
      items: arrived.map((entry) => entry.item),
    },
  };
}

function byEndStartArrival(a: Closing, b: Closing): number {
  return (
    a.result.end_ms - b.result.end_ms || a.result.start_ms - b.result.start_ms || a.seq - b.seq
  );
}
