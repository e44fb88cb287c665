// Writes schemas/*.schema.json and docs/reference/ir/*.md from libs/ir/src. `--check` writes nothing and
// fails when a file would change.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import prettier from 'prettier';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The library's own functions, bundled from source so that no build is needed first. */
async function loadSource() {
  const entry = `
    export { flowSchemaDocument, surfacesSchemaDocument } from './schema-emit.ts';
    export { flowReferencePage, surfacesReferencePage } from './reference-pages.ts';`;
  const { outputFiles } = buildSync({
    stdin: { contents: entry, resolveDir: join(root, 'libs/ir/src'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

/** All generated files: path below the workspace root -> text. */
export async function outputs() {
  const source = await loadSource();
  const files = new Map([
    ['schemas/flow_ir.schema.json', JSON.stringify(source.flowSchemaDocument())],
    ['schemas/surfaces.schema.json', JSON.stringify(source.surfacesSchemaDocument())],
    ['docs/reference/ir/flow-ir.md', source.flowReferencePage()],
    ['docs/reference/ir/surfaces.md', source.surfacesReferencePage()],
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
