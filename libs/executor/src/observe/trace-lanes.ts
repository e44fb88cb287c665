// Rows of a trace view: what overlaps in time needs rows of its own. Each name gets as many rows as
// it ever needed at once, numbered in the order in which they were first needed.

/** One row. */
export interface TraceLane {
  /** Thread id in the trace, from 1. */
  readonly id: number;
  readonly name: string;
  /** True until the row has been announced. */
  isNew: boolean;
}

export class TraceLanes {
  readonly #free = new Map<string, TraceLane[]>();
  #count = 0;

  /** A row of this name that nothing is on. */
  take(name: string): TraceLane {
    const free = this.#free.get(name)?.pop();
    if (free !== undefined) return free;
    this.#count += 1;
    return { id: this.#count, name, isNew: true };
  }

  /** Gives the row back; the lowest free one is taken first. */
  give(lane: TraceLane): void {
    lane.isNew = false;
    let free = this.#free.get(lane.name);
    if (free === undefined) this.#free.set(lane.name, (free = []));
    // Kept in falling order, so that pop gives the lowest.
    let at = free.length;
    while (at > 0 && free[at - 1]!.id < lane.id) at -= 1;
    free.splice(at, 0, lane);
  }
}
