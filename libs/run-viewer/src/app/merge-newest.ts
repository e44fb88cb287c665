// Puts a newly loaded first page in front of the runs that are shown.
import type { RunEntry, RunPage } from '../viewer-protocol.js';

export interface MergedRuns {
  readonly runs: readonly RunEntry[];
  /** True where the page replaces everything: it ends the list, or too many runs came in between. */
  readonly isWhole: boolean;
}

/** Runs that are not on the page any more, though newer than its last, do not fit the filter now. */
export function mergeNewest(shown: readonly RunEntry[], page: RunPage): MergedRuns {
  if (page.next === null) return { runs: page.runs, isWhole: true };
  const last = page.runs.at(-1);
  // A page without a match says only that the newest do not fit.
  if (last === undefined) return { runs: shown, isWhole: false };
  const meets = shown.findIndex(({ id }) => id === last.id);
  if (meets < 0) return { runs: page.runs, isWhole: true };
  return { runs: [...page.runs, ...shown.slice(meets + 1)], isWhole: false };
}
