// Ships the examples with the command: bundles each module of libs/examples exactly as the command
// bundles a user's flow, and writes the catalogue.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const cli = fileURLToPath(new URL('..', import.meta.url));
const examples = fileURLToPath(new URL('../../../libs/examples/', import.meta.url));
const out = join(cli, 'dist/examples');

/** The transpiler of the command itself, compiled for this script. */
async function loadTranspiler() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [
      fileURLToPath(new URL('../../../libs/flow-loader/src/transpile-module.ts', import.meta.url)),
    ],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

const { transpileModule } = await loadTranspiler();
const entries = JSON.parse(await readFile(join(examples, 'catalogue.json'), 'utf8'));
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const { file, name } of entries) {
  const { code, map } = await transpileModule(esbuild, join(examples, 'src', file));
  const relocated = JSON.parse(map);
  relocated.sources = relocated.sources.map((source) => `libs/examples/src/${basename(source)}`);
  await writeFile(join(out, `${name}.mjs`), code);
  await writeFile(join(out, `${name}.mjs.map`), JSON.stringify(relocated));
}
const listed = entries.map(({ name, summary, payload }) => ({ name, summary, payload }));
await writeFile(join(out, 'catalogue.json'), `${JSON.stringify(listed, null, 2)}\n`);
await esbuild.stop();
