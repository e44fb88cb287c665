// Writes the text of included files into the documents that include them.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const documents = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n');
const include = /(<!-- include: (\S+) -->\n\n(`{3,})\w*\n)[\s\S]*?(^\3$)/gm;
for (const document of documents) {
  const path = join(root, document);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(include, (_, head, file, _fence, tail) => {
    return `${head}${readFileSync(join(root, file), 'utf8').trimEnd()}\n${tail}`;
  });
  if (after !== before) writeFileSync(path, after);
}
