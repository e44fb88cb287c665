// The worker of the tests, bundled from its sources once a test file.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerCommand } from '@basalt/certify';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('../..', import.meta.url));

export interface WorkerProgram {
  command(flow: string): WorkerCommand;
  remove(): Promise<void>;
}

export async function workerProgram(): Promise<WorkerProgram> {
  const folder = join(project, 'out-tsc/children', `${process.pid}-${Date.now()}`);
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(project, 'test/testing/certify-child.ts')],
    outfile: join(folder, 'certify-child.mjs'),
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
  return {
    command: (flow) => ({
      file: process.execPath,
      args: [join(folder, 'certify-child.mjs'), flow],
    }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
