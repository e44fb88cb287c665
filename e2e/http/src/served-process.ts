// The host as users start it: the built command, or the host's own program, as a process on a free port
// of this machine.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROGRAMS = {
  flows: [
    fileURLToPath(new URL('../../../apps/cli/dist/main.js', import.meta.url)),
    'run',
    'serve',
  ],
  host: [fileURLToPath(new URL('../../../apps/http-host/dist/main.js', import.meta.url))],
} as const;

const MODULE = fileURLToPath(new URL('./served-flows.ts', import.meta.url));

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** What it wrote to stderr so far. */
  said(): string;
  /** Exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Sends SIGTERM and waits for its end. */
  stop(): Promise<number | NodeJS.Signals | null>;
}

const running = new Set<ChildProcess>();

/** A flow of served-flows.ts as an argument of the command. */
export function ownFlow(name: string): string {
  return `${MODULE}#${name}`;
}

/** Time enough for any machine, in place of the deadlines of the flows. */
const PATIENT = ['--deadline-ms', '600000'] as const;

/** Starts a host and waits until it listens. A busy machine is no fault of what is tested: load is shed
 * only where the arguments ask for it.
 * @param deadline [] leaves every flow its own */
export async function serve(
  args: readonly string[],
  program: keyof typeof PROGRAMS = 'flows',
  deadline: readonly string[] = PATIENT,
): Promise<Served> {
  const addr = args.includes('--addr') ? [] : ['--addr', '127.0.0.1:0'];
  const words = [...addr, '--max-loop-delay-ms', '0', ...deadline, ...args];
  const child = spawn(process.execPath, [...PROGRAMS[program], ...words], {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  let text = '';
  const ended = once(child, 'close').then(([status, signal]) => {
    running.delete(child);
    return (status ?? signal) as number | NodeJS.Signals | null;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      const found = /Listening on (\S+)\n/.exec(text);
      if (found !== null) resolve(found[1]!);
    });
    void ended.then((status) => reject(new Error(`the host ended with ${status}: ${text}`)));
  });
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { url, port: Number(new URL(url).port), child, said: () => text, ended, stop };
}

/** Ends every host that is still there. */
export async function endServed(): Promise<void> {
  const all = [...running];
  for (const child of all) child.kill('SIGKILL');
  await Promise.all(
    all.map((child) => (child.exitCode ?? child.signalCode) || once(child, 'close')),
  );
}

/** Resident memory of a host, in MiB. */
export function residentMegabytes({ child }: Served): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
}
