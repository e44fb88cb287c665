// Which ended runs are removed.

/** Both rules apply; without any nothing is removed. */
export interface PrunePolicy {
  /** Removes what ended before, milliseconds since the epoch. */
  readonly endedBefore?: number | undefined;
  /** Ended runs of each flow that stay, the newest; whole, at least 0. */
  readonly keep?: number | undefined;
}

/** An ended run. */
export interface EndedRun {
  readonly runId: string;
  readonly flow: string;
  readonly endedAt: number;
}

/** The ids of runs that go. @param ended newest first, by start. */
export function chooseForPruning(
  ended: Iterable<EndedRun>,
  { endedBefore = -Infinity, keep = Infinity }: PrunePolicy,
): string[] {
  const seen = new Map<string, number>();
  const chosen: string[] = [];
  for (const { runId, flow, endedAt } of ended) {
    const rank = seen.get(flow) ?? 0;
    seen.set(flow, rank + 1);
    if (endedAt < endedBefore || rank >= keep) chosen.push(runId);
  }
  return chosen;
}
