// Real processes for tests: the child is bundled from its sources, started, read line by line, and
// ended by its id.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('..', import.meta.url));

/** A bundled program. */
export interface ChildProgram {
  start(...args: readonly string[]): RunningChild;
  /** Ends what is left, and removes the bundle. */
  cleanUp(): Promise<void>;
}

export interface RunningChild {
  readonly pid: number;
  /** Every whole line so far, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Resolves with the first line, of now or later, that is wanted; rejects when the child ends. */
  line(wanted: (line: Readonly<Record<string, unknown>>) => boolean): Promise<unknown>;
  /** Sends a signal and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Waits for the end; gives the exit status. */
  end(): Promise<number | null>;
}

function watch(child: ChildProcess): RunningChild {
  const lines: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  let open = true;
  const reader = createInterface({ input: child.stdout! });
  reader.on('line', (text) => {
    try {
      lines.push(JSON.parse(text) as Record<string, unknown>);
    } catch {
      // The last line of a child that was killed may be a part of one.
    }
    for (const listener of [...listeners]) listener();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (status) => {
      open = false;
      resolve(status);
      for (const listener of [...listeners]) listener();
    });
  });
  return {
    pid: child.pid!,
    lines,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(wanted);
          if (found === undefined && open) return;
          listeners.delete(look);
          if (found === undefined) reject(new Error('the child has ended without that line'));
          else resolve(found);
        };
        listeners.add(look);
        look();
      }),
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await ended;
    },
    end: () => ended,
  };
}

/** Bundles `testing/<name>.ts`. */
export async function childProgram(name: string): Promise<ChildProgram> {
  const folder = join(project, 'out-tsc/children');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${name}-${process.pid}-${Date.now()}.mjs`);
  await build({
    entryPoints: [join(project, 'testing', `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@basalt/source'],
    mainFields: ['module', 'main'],
    external: ['lmdb', 'ioredis', 'esbuild', 'elkjs'],
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
  });
  const running = new Set<ChildProcess>();
  return {
    start(...args) {
      const child = spawn(process.execPath, [outfile, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running.add(child);
      child.on('close', () => running.delete(child));
      return watch(child);
    },
    async cleanUp() {
      for (const child of running) child.kill('SIGKILL');
      await rm(outfile, { force: true });
    },
  };
}
