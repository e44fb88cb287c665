// Compares the effects that have happened with those that should have: each once, and nothing else.
import type { Expected } from './crash-jobs.js';
import type { Entry } from './effect-ledger.js';

/** What was found; both lists are empty when all is well. */
export interface Verdict {
  /** Jobs or effects that are missing, or ended in another way than they should. */
  readonly lost: readonly string[];
  /** Effects that happened more than once, or that nothing asked for. */
  readonly repeated: readonly string[];
  readonly effects: number;
}

/** Judges the effects of everything that was asked for. */
export function judgeEffects(asked: readonly Expected[], entries: readonly Entry[]): Verdict {
  const happened = positionsOf(entries);
  const wanted = new Set(asked.flatMap(({ effects }) => effects));
  const repeated = [...happened].flatMap(([what, positions]) => {
    if (!wanted.has(what)) return [`${what} happened, and nothing asked for it`];
    return positions.length > 1 ? [`${what} happened ${positions.length} times`] : [];
  });
  const lost = asked.flatMap((expected) => missing(expected, happened));
  return { lost, repeated, effects: entries.length };
}

function positionsOf(entries: readonly Entry[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  entries.forEach(({ what }, i) => found.set(what, [...(found.get(what) ?? []), i]));
  return found;
}

/** Effects that did not happen, or not in the order of a flow without branches. */
function missing(
  { effects, inOrder }: Expected,
  happened: ReadonlyMap<string, readonly number[]>,
): string[] {
  const lost = effects
    .filter((what) => !happened.has(what))
    .map((what) => `${what} did not happen`);
  if (!inOrder || lost.length > 0) return lost;
  const positions = effects.map((what) => happened.get(what)![0]!);
  const sorted = positions.every((position, i) => i === 0 || positions[i - 1]! < position);
  return sorted ? [] : [`${effects.join(', ')} happened in another order`];
}
