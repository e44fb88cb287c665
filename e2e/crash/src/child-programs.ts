// The programs that are started and killed: files of `programs`, bundled from their sources, and the built
// commands of this workspace, started as users start them.
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { RunningChild } from './running-child.js';

/** A built command, by the folder of its app. */
export type CommandName = 'cli' | 'http-host' | 'queue-worker';

export interface ChildPrograms {
  /** Starts a bundled program; `onLine` is told its stdout.
   * @param nodeOptions words for node itself */
  start(
    name: string,
    args: readonly string[],
    onLine?: (text: string) => void,
    nodeOptions?: readonly string[],
  ): RunningChild;
  /** Starts a built command; `onLine` is told its stderr. */
  command(
    name: CommandName,
    args: readonly string[],
    onLine: (text: string) => void,
    nodeOptions?: readonly string[],
  ): RunningChild;
  /** The file of a bundled program. */
  fileOf(name: string): string;
  /** Ends what is left, and removes the bundles. */
  cleanUp(): Promise<void>;
}

/** Bundles files of a folder `programs`. `project` is the folder of this project. */
export async function bundlePrograms(
  project: string,
  names: readonly string[],
): Promise<ChildPrograms> {
  const folder = join(project, 'out-tsc/programs', `${process.pid}-${Date.now()}`);
  await mkdir(folder, { recursive: true });
  await bundle(project, folder, names);
  const running = new Set<RunningChild>();
  let isOver = false;
  const kept = (start: () => RunningChild) => {
    if (isOver) throw new Error('no program is started any more');
    const child = start();
    running.add(child);
    void child.ended.then(() => running.delete(child));
    return child;
  };
  const fileOf = (name: string) => join(folder, `${name}.mjs`);
  return {
    fileOf,
    start(name, args, onLine = () => undefined, nodeOptions = []) {
      const words = [...nodeOptions, fileOf(name), ...args];
      return kept(() => {
        const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
        return new RunningChild(child, child.stdout, onLine);
      });
    },
    command(name, args, onLine, nodeOptions = []) {
      const main = join(project, '../../apps', name, 'dist/main.js');
      const words = [...nodeOptions, main, ...args];
      return kept(() => {
        const stdio = ['ignore', 'ignore', 'pipe'] as const;
        const child = spawn(process.execPath, words, { cwd: folder, stdio: [...stdio] });
        return new RunningChild(child, child.stderr!, onLine);
      });
    },
    async cleanUp() {
      isOver = true;
      for (const child of [...running]) if (child.isRunning) await child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function bundle(project: string, folder: string, names: readonly string[]): Promise<void> {
  await build({
    entryPoints: names.map((name) => join(project, 'src/programs', `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
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
}
