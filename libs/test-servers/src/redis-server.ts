// A redis-server of a suite's own: on a free port of this machine, in a temporary folder, ended by its
// process id. It can be killed and started again on the same port and folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

export interface RedisServerOptions {
  /** Further arguments, such as `--appendonly yes`. */
  readonly args?: readonly string[];
}

export interface RedisServer {
  /** `redis://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** The process that serves now. */
  readonly pid: number;
  /** Ends the process with a signal; SIGKILL when none is named. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again after `kill`, on the same port and folder. */
  start(): Promise<void>;
  /** Ends the process and removes the folder. */
  stop(): Promise<void>;
}

/** How long a start may take before it counts as failed, in milliseconds. */
const START_LIMIT_MS = 60_000;

/** Starts a server without persistence unless `args` say otherwise, and waits until it serves.
 * @throws Error when redis-server is not installed or does not start. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'basalt-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  let child = await launch([...args, ...(options.args ?? [])]);
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    get pid() {
      return child.pid!;
    },
    kill,
    async start() {
      child = await launch([...args, ...(options.args ?? [])]);
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function launch(args: readonly string[]): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
    const listen = (part: Buffer) => {
      said += part.toString();
      if (!said.includes('Ready to accept connections')) return;
      clearTimeout(timer);
      said = '';
      child.stdout!.off('data', listen).resume();
      child.off('exit', onExit);
      resolve(child);
    };
    const onExit = () => {
      clearTimeout(timer);
      reject(new Error(`redis-server did not start: ${said}`));
    };
    child.stdout!.on('data', listen);
    child.stderr!.on('data', (part: Buffer) => (said += part.toString()));
    child.once('exit', onExit);
    child.once('error', (cause) => {
      clearTimeout(timer);
      const hint = 'redis-server could not be executed; see tools/setup/ensure-redis.sh';
      reject(new Error(hint, { cause }));
    });
  });
}
