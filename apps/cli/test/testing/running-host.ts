// A command that lives until a signal comes, as a process.
import { spawn } from 'node:child_process';
import { DIST, MAIN } from './run-flows.js';

export interface RunningHost {
  /** What stood behind the words that were waited for. */
  readonly found: string;
  /** Everything on stderr so far. */
  said(): string;
  /** Sends SIGTERM, or another signal, and gives the exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts it and waits until its stderr matches, whose first group is `found`. */
export async function startHost(
  args: readonly string[],
  pattern: RegExp,
  cwd: string = DIST,
): Promise<RunningHost> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let text = '';
  const found = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      const match = pattern.exec(text);
      if (match !== null) resolve(match[1] ?? '');
    });
    void ended.then((status) => reject(new Error(`ended with ${status}: ${text}`)));
  });
  return {
    found,
    said: () => text,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Where a host listens. */
export const LISTENING = /Listening on (\S+)\n/;

/** Time enough for any machine. */
export const PATIENTLY = ['--deadline-ms', '600000'] as const;

/** A free port, and no load is shed: a busy machine is no fault of the command. */
export const LOCALLY = ['--addr', '127.0.0.1:0', '--max-loop-delay-ms', '0', ...PATIENTLY] as const;

/** Posts JSON. */
export function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const all = { 'content-type': 'application/json', ...headers };
  return fetch(url, { method: 'POST', headers: all, body: JSON.stringify(body) });
}
