// Writes schemas/policy.schema.json, docs/reference/policy.md and docs/reference/hints.md from
// libs/validator/src. `--check` writes nothing and fails when a file would change.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import prettier from 'prettier';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The library's own functions, bundled from source so that no build is needed first. */
async function loadSource() {
  const entry = `
    export { POLICY_SCHEMA } from './policy/policy-schema.ts';
    export { hintsPage, policyPage } from './policy/policy-page.ts';`;
  const { outputFiles } = buildSync({
    stdin: { contents: entry, resolveDir: join(root, 'libs/validator/src'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@basalt/source'],
    mainFields: ['module', 'main'],
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

/** All generated files: path below the workspace root -> text. */
export async function outputs() {
  const source = await loadSource();
  const files = new Map([
    ['schemas/policy.schema.json', JSON.stringify(source.POLICY_SCHEMA)],
    ['docs/reference/policy.md', source.policyPage()],
    ['docs/reference/hints.md', source.hintsPage()],
  ]);
  for (const [path, text] of files) {
    const filepath = join(root, path);
    const options = await prettier.resolveConfig(filepath);
    files.set(path, await prettier.format(text, { ...options, filepath }));
  }
  return files;
}

async function main() {
  const files = await outputs();
  if (process.argv.includes('--check')) {
    const stale = [...files].filter(([path, text]) => {
      try {
        return readFileSync(join(root, path), 'utf8') !== text;
      } catch {
        return true;
      }
    });
    for (const [path] of stale) console.error(`stale: ${path}; run npm run generate`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
