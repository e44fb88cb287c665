// `npx nx run e2e-crash:long -- --kills 1000 --seed 1`: the long course of kills. Bundles the program
// from its sources and hands it the words.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('..', import.meta.url));
// As deep below the workspace as the sources of the servers, which look for what is installed from there.
const outfile = `${project}out-tsc/long-${process.pid}.mjs`;
await mkdir(`${project}out-tsc`, { recursive: true });
await build({
  entryPoints: [`${project}src/programs/crash-course.ts`],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['@basalt/source'],
  mainFields: ['module', 'main'],
  external: ['lmdb', 'ioredis', 'bullmq', 'esbuild', 'undici', '@restatedev/*'],
  logLevel: 'error',
  banner: {
    js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
  },
});
const words = [outfile, project, ...process.argv.slice(2)];
const child = spawn(process.execPath, words, { stdio: 'inherit' });
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => child.kill(name));
const [status, signal] = await once(child, 'exit');
await rm(outfile, { force: true });
process.exitCode = signal === null ? status : 1;
