// Runs the built command as users do, in a folder of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the built command. */
export const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
export const MAIN = join(DIST, 'main.js');

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Another built command than this workspace's. */
  readonly main?: string;
  /** Is given the process and all of stdout so far, at each piece of it. */
  readonly onOutput?: (kill: (signal: NodeJS.Signals) => void, stdout: string) => void;
}

/** The outcome of one command line. Colour variables of the caller do not count. */
export function runFlows(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  const child = spawn(process.execPath, [options.main ?? MAIN, ...args], {
    cwd: options.cwd ?? DIST,
    env: { ...env, ...options.env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onOutput?.((signal) => void child.kill(signal), stdout);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** Runs `body` with a new, empty folder, which is removed afterwards. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'basalt-cli-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The one JSON document that stdout is. */
export function documentOf({ stdout }: Outcome): Record<string, unknown> {
  expect(stdout).toMatch(/^\{[\s\S]*\}\n$/);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The codes of the findings of a document that --json printed. */
export function codesOf(outcome: Outcome): readonly string[] {
  return (documentOf(outcome)['diagnostics'] as { code: string }[]).map(({ code }) => code);
}
