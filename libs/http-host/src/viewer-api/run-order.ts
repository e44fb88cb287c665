// Runs in the order of their start: found by id, listed from any point on, and given up oldest first.
// Gaps that ended runs leave among those still running are closed once they are the larger part.
import type { RecordedRun } from './recorded-run.js';

export class RunOrder {
  readonly #byId = new Map<string, RecordedRun>();
  #sequence: (RecordedRun | undefined)[] = [];
  /** Where the oldest run may be; everything before it is a gap. */
  #first = 0;

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): RecordedRun | undefined {
    return this.#byId.get(id);
  }

  /** Adds a run, and gives the one of the same id whose place it takes. */
  add(run: RecordedRun): RecordedRun | undefined {
    const last = this.#byId.get(run.id);
    if (last !== undefined) this.#sequence[last.place] = undefined;
    this.#byId.set(run.id, run);
    run.place = this.#sequence.length;
    this.#sequence.push(run);
    return last;
  }

  /** Takes out a run that is in it. */
  remove(run: RecordedRun): void {
    this.#byId.delete(run.id);
    const sequence = this.#sequence;
    sequence[run.place] = undefined;
    while (sequence.length > 0 && sequence[sequence.length - 1] === undefined) sequence.pop();
    this.#first = Math.min(this.#first, sequence.length);
    this.#close();
  }

  /** Takes out the oldest run that has ended, else the oldest; never the newest. Amortised O(1) unless
   * most runs are under way. */
  takeOldest(): RecordedRun | undefined {
    const last = this.#sequence.length - 1;
    while (this.#first < last && this.#sequence[this.#first] === undefined) this.#first += 1;
    let at = this.#first;
    while (at < last && this.#sequence[at]?.isEnded !== true) at += 1;
    if (at >= last) at = this.#first;
    if (at >= last) return undefined;
    const run = this.#sequence[at]!;
    this.#sequence[at] = undefined;
    this.#byId.delete(run.id);
    this.#close();
    return run;
  }

  /** Runs with a number below `before`, newest first. */
  *newestFirst(before: number): IterableIterator<RecordedRun> {
    for (let at = this.#end(before) - 1; at >= this.#first; at--) {
      const run = this.#sequence[at];
      if (run !== undefined) yield run;
    }
  }

  /** The place of the first run with a number of at least `before`: numbers rise by one with each
   * place, so far as there are no closed gaps; those are searched. */
  #end(before: number): number {
    let low = this.#first;
    let high = this.#sequence.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      // The next run at or after the middle decides for all of the gap before it.
      let at = middle;
      while (at < high && this.#sequence[at] === undefined) at += 1;
      if (at < high && this.#sequence[at]!.number < before) low = at + 1;
      else high = middle;
    }
    return low;
  }

  #close(): void {
    if (this.#sequence.length < 64 || this.#sequence.length < 2 * this.#byId.size) return;
    const runs = this.#sequence.filter((run) => run !== undefined);
    for (const [place, run] of runs.entries()) run.place = place;
    this.#sequence = runs;
    this.#first = 0;
  }
}
