// Writes schemas/bindings_lock.schema.json from libs/capabilities/src. `--check` writes nothing and
// fails when the file would change.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import prettier from 'prettier';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const path = join(root, 'schemas/bindings_lock.schema.json');

/** The file's text, from the source bundled as it is, so that no build is needed first. */
async function schemaText() {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'libs/capabilities/src/bindings/bindings-lock.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const source = await import(`data:text/javascript;base64,${code}`);
  const text = JSON.stringify(source.bindingsLockSchemaDocument());
  return prettier.format(text, { ...(await prettier.resolveConfig(path)), filepath: path });
}

const text = await schemaText();
if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error('stale: schemas/bindings_lock.schema.json; run npm run generate');
  process.exitCode = 1;
}
