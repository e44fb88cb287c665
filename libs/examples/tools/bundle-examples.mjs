// Ships the examples with a program: bundles each module of libs/examples exactly as a user's flow is
// bundled, and writes the catalogue. Call it with the folder to write.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const examples = fileURLToPath(new URL('..', import.meta.url));
const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('Name the folder to write.');
const out = resolve(given);

/** The transpiler of FLOW arguments, compiled for this script. */
async function loadTranspiler() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [
      fileURLToPath(new URL('../../flow-loader/src/transpile-module.ts', import.meta.url)),
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
