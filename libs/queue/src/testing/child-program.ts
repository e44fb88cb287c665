// Real processes for tests: a file of this folder is bundled from its sources, started, read line by
// line, and ended by its id.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('../..', import.meta.url));

export type Line = Readonly<Record<string, unknown>>;

/** A bundled program. */
export interface ChildProgram {
  start(...args: readonly string[]): RunningChild;
  /** Ends what is left, and removes the bundle. */
  cleanUp(): Promise<void>;
}

export class RunningChild {
  /** Every whole line of JSON that it has written. */
  readonly lines: Line[] = [];
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    createInterface({ input: child.stdout! }).on('line', (text) => {
      try {
        this.lines.push(JSON.parse(text) as Line);
      } catch {
        // The last line of a process that was killed may be a part of one.
      }
    });
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What was written under a name, in order. */
  values(name: string): unknown[] {
    return this.lines.filter((line) => name in line).map((line) => line[name]);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Kills it and waits for its end. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }
}

/** Bundles `<name>.ts` of this folder. */
export async function childProgram(name: string): Promise<ChildProgram> {
  const folder = join(project, 'out-tsc/children');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${name}-${process.pid}-${Date.now()}.mjs`);
  await build({
    entryPoints: [join(project, 'src/testing', `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@basalt/source'],
    mainFields: ['module', 'main'],
    external: ['lmdb', 'ioredis', 'bullmq', 'esbuild', '@restatedev/*'],
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
  });
  const running = new Set<RunningChild>();
  return {
    start(...args) {
      const child = new RunningChild(
        spawn(process.execPath, [outfile, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }),
      );
      running.add(child);
      return child;
    },
    async cleanUp() {
      for (const child of running) if (child.isRunning) await child.kill();
      await rm(outfile, { force: true });
    },
  };
}
