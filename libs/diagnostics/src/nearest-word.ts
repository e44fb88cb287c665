// "Did you mean": the candidate that a mistyped word was most likely meant to be.

/** Longer words are no typing mistakes, and comparing them would cost their length squared. */
const LONGEST_WORD = 64;

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`: the optimal string
 * alignment distance, in O(length of a * length of b). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, beforeLast[j - 2]! + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** The candidate with the fewest edits from `input`, when at most a third of the letters (at least
 * one) differ; the first of equals. Case does not count. */
export function nearestWord(input: string, candidates: Iterable<string>): string | undefined {
  if (input === '' || input.length > LONGEST_WORD) return undefined;
  const word = input.toLowerCase();
  let nearest: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= fewest) continue;
    const distance = editDistance(word, candidate.toLowerCase());
    if (distance < fewest) {
      fewest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}
