// Checks one Markdown document: its links lead somewhere, what it includes is what the file says, what it
// shows to be run does what it shows, and the tests and bench cases that it names exist.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { benchProblems } from './bench-references.mjs';
import { commandProblems } from './command-words.mjs';
import { proofProblems } from './document-proofs.mjs';
import { markdownBlocks, relativeLinks } from './markdown-blocks.mjs';

/** Problems as "line N: ..." texts; none when the document is right. `shell` is {cwd, env} for the
 * commands that are run. */
export function checkDocument(markdown, { file, root, shell }) {
  const problems = [];
  for (const { target, line } of relativeLinks(markdown)) {
    if (!existsSync(join(dirname(file), target))) problems.push(`line ${line}: no file ${target}`);
  }
  problems.push(...proofProblems(markdown, file), ...benchProblems(markdown, root));
  let stdout;
  for (const block of markdownBlocks(markdown)) {
    const say = (what) => problems.push(`line ${block.line}: ${what}`);
    if (block.directive === 'include') {
      const path = join(root, block.argument);
      if (!existsSync(path)) say(`no file ${block.argument} to include`);
      else if (readFileSync(path, 'utf8').trimEnd() !== block.text.trimEnd()) {
        say(`is not ${block.argument}; run npm run generate`);
      }
    } else if (block.directive === 'needs') {
      for (const problem of commandProblems(block.text, shell)) say(problem);
    } else if (block.directive === 'run') {
      const wanted = Number(/^exit (\d+)$/.exec(block.argument ?? 'exit 0')?.[1] ?? 'NaN');
      const result = spawnSync('bash', ['-e', '-c', block.text], { ...shell, encoding: 'utf8' });
      stdout = result.stdout;
      if (result.status !== wanted) {
        say(`exit ${result.status} instead of ${wanted}: ${result.stderr.slice(0, 500)}`);
      }
    } else if (block.directive === 'output') {
      if (normalize(block) !== normalize({ ...block, text: stdout ?? '' })) {
        say(`the command printed ${JSON.stringify(stdout)}`);
      }
    }
  }
  return problems;
}

/** JSON is compared as a value, other text without trailing space. */
function normalize({ language, text }) {
  if (language !== 'json') return text.trimEnd();
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
