// What names of jobs, flows, partitions and queues have to be: text that every store can hold.

/** What is wrong with a name, as the end of a sentence about it; undefined for a good one. Names of
 * jobs may hold anything that is text; slashes, spaces and NUL are data like any other.
 * @param longest in bytes of UTF-8. */
export function nameProblem(name: unknown, longest: number): string | undefined {
  if (typeof name !== 'string') return 'is not a text';
  if (name === '') return 'is empty';
  if (name.length > longest)
    return `has ${name.length} characters, and at most ${longest} are taken`;
  return /\p{Surrogate}/u.test(name) ? 'has half of a surrogate pair' : undefined;
}
