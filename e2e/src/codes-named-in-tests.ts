// Which diagnostic codes the tests of a project name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Codes in the test files of a project, given as its folder below the workspace root. */
export function codesNamedInTests(project: string): ReadonlySet<string> {
  const folder = join(root, project);
  const codes = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.test\.(ts|mjs)$/.test(file) || /node_modules|dist|out-tsc/.test(file)) continue;
    for (const [code] of readFileSync(join(folder, file), 'utf8').matchAll(/\b[A-Z]+\d{3}\b/g)) {
      codes.add(code);
    }
  }
  return codes;
}
