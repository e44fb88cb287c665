// Real processes: the files of `programs` are bundled from their sources, started, read line by line, and
// killed by their ids.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

export type Line = Readonly<Record<string, unknown>>;

/** A process under way. */
export class RunningChild {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;

  /** `onLine` is told each whole line of JSON. */
  constructor(child: ChildProcess, onLine: (line: Line) => void) {
    this.#child = child;
    createInterface({ input: child.stdout! }).on('line', (text) => {
      const line = parsed(text);
      if (line !== undefined) onLine(line);
    });
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Exit status; undefined as long as it runs, and where a signal ended it. */
  get status(): number | undefined {
    return this.#child.exitCode ?? undefined;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** SIGKILL, and waits for its end. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }
}

/** The last line of a process that was killed may be a part of one. */
function parsed(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

/** Bundled programs, by name. */
export interface ChildPrograms {
  start(name: string, args: readonly string[], onLine?: (line: Line) => void): RunningChild;
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
  const running = new Set<RunningChild>();
  return {
    start(name, args, onLine = () => undefined) {
      const file = join(folder, `${name}.mjs`);
      const child = new RunningChild(
        spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] }),
        onLine,
      );
      running.add(child);
      void child.ended.then(() => running.delete(child));
      return child;
    },
    async cleanUp() {
      for (const child of [...running]) if (child.isRunning) await child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
