// Figures that a document leads back to the bench name a case of it: `bench: NAME`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CASES = 'tools/bench/src/cases';

/** References to cases that the bench does not have, as "line N: ..." texts. */
export function benchProblems(markdown, root) {
  const problems = [];
  let names;
  markdown.split('\n').forEach((text, i) => {
    for (const [, name] of text.matchAll(/`bench: ([^`]+)`/g)) {
      names ??= benchCases(root);
      if (!names.has(name)) problems.push(`line ${i + 1}: the bench has no case ${name}`);
    }
  });
  return problems;
}

/** What the object of a case begins with; those of contenders have no `about`. */
const CASE = /^ {2}name: '([^']+)',\n(?: {2}operation: .*\n)? {2}about:/gm;

/** The names of all cases, from their sources: the bench need not be built. */
function benchCases(root) {
  const folder = join(root, CASES);
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  return new Set(sources.flatMap((source) => [...source.matchAll(CASE)].map(([, name]) => name)));
}
