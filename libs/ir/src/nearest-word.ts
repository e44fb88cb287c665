// "Did you mean": the allowed word that is the fewest edits away.

/** The candidate nearest to `word` by Levenshtein distance, if it is near enough to be a slip: at
 * most a third of the letters, and at least one, differ. The first of equally near ones. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.slice(0, MAX_LENGTH).toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(typed, candidate.slice(0, MAX_LENGTH).toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Longer words are cut, so that hostile input costs at most this squared. */
const MAX_LENGTH = 64;

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change));
    }
    row = next;
  }
  return row[b.length]!;
}
