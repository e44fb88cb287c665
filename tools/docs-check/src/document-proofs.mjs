// Promises that a document makes are proved by tests that it names. A list after <!-- proofs --> holds
// one proof an item: "- **P1** `title` in [file](path): words". The document refers to them as P1.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LIST = /^<!-- proofs -->$/;
const ITEM = /^- \*\*(P\d+)\*\* `([^`]+)` in \[[^\]]+\]\(([^)\s]+)\)/;

/** The proofs of a document: {id, title, target, line}; an item that is none has no id. */
export function documentProofs(markdown) {
  const proofs = [];
  let inList = false;
  markdown.split('\n').forEach((text, i, lines) => {
    if (LIST.test(text)) inList = true;
    else if (text.startsWith('#')) inList = false;
    if (!inList || !text.startsWith('- ')) return;
    const [, id, title, target] = ITEM.exec(`${text} ${(lines[i + 1] ?? '').trim()}`) ?? [];
    proofs.push({ id, title, target, line: i + 1 });
  });
  return proofs;
}

/** What is wrong with the proofs of a document, as "line N: ..." texts. */
export function proofProblems(markdown, file) {
  const proofs = documentProofs(markdown);
  if (proofs.length === 0) {
    return markdown.split('\n').some((text) => LIST.test(text))
      ? ['line 1: the list of proofs is empty']
      : [];
  }
  const problems = [];
  const known = new Set();
  for (const { id, title, target, line } of proofs) {
    const say = (what) => problems.push(`line ${line}: ${what}`);
    if (id === undefined) {
      say('is no proof: - **P1** `title` in [file](path)');
      continue;
    }
    if (known.has(id)) say(`${id} is there twice`);
    known.add(id);
    const path = join(dirname(file), target);
    // A link that leads nowhere is reported as one.
    if (existsSync(path) && !hasTest(readFileSync(path, 'utf8'), title)) {
      say(`${id}: ${target} has no test "${title}" that is run`);
    }
  }
  return [...problems, ...unmatched(markdown, known)];
}

/** References without a proof, and proofs without a reference. */
function unmatched(markdown, known) {
  const problems = [];
  const used = new Set();
  const outside = markdown.replace(/^(`{3,})[\s\S]*?^\1$/gm, (block) =>
    block.replace(/[^\n]/g, ' '),
  );
  outside.split('\n').forEach((text, i) => {
    for (const [id] of text.replace(/^- \*\*P\d+\*\*/, '').matchAll(/\bP\d+\b/g)) {
      used.add(id);
      if (!known.has(id)) problems.push(`line ${i + 1}: there is no proof ${id}`);
    }
  });
  for (const id of known) if (!used.has(id)) problems.push(`line 1: nothing refers to ${id}`);
  return problems;
}

/** Whether a test file has this title: of a test, a group, a row of a table, or a named case. */
function hasTest(source, title) {
  const text = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const place = new RegExp(`(.*)(?:\\(\\s*|name: )(['"\`])${text}\\2`, 'g');
  const skipped = /\b(?:skip|todo|xit|xtest|xdescribe)\b/;
  return [...source.matchAll(place)].some(([, before]) => !skipped.test(before));
}
