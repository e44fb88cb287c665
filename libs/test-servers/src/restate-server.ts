// A Restate server of a suite's own: one node on free ports, in a temporary folder, ended by its process
// id. It can be killed and started again on the same ports and folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';

export interface RestateServer {
  /** Where invocations are sent, `http://127.0.0.1:PORT`. */
  readonly ingressUrl: string;
  /** Where services are registered and queries are asked. */
  readonly adminUrl: string;
  readonly folder: string;
  /** The process that serves now. */
  readonly pid: number;
  /** Ends the process with a signal; SIGKILL when none is named. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again after `kill`, on the same ports and folder. */
  start(): Promise<void>;
  /** Ends the process and removes the folder. */
  stop(): Promise<void>;
}

/** How long a start may take before it counts as failed, in milliseconds. */
const START_LIMIT_MS = 120_000;
const INSTALLED = fileURLToPath(
  new URL('../../../tools/setup/restate/node_modules/@restatedev', import.meta.url),
);

/** Starts a server and waits until it serves. @throws Error when it is not installed (see
 * tools/setup/ensure-restate.sh) or does not start. */
export async function startRestateServer(): Promise<RestateServer> {
  const name = `restate-server-${process.platform}-${process.arch}`;
  const program = join(INSTALLED, name, 'bin/restate-server');
  if (!existsSync(program)) {
    throw new Error("Restate's server is not installed; see tools/setup/ensure-restate.sh");
  }
  const folder = await mkdtemp(join(tmpdir(), 'basalt-restate-'));
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const env = {
    ...process.env,
    RESTATE_BASE_DIR: folder,
    RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
    RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
    RESTATE_DISABLE_TELEMETRY: 'true',
    RESTATE_LOG_FILTER: 'error',
  };
  const ingressUrl = `http://127.0.0.1:${ingress}`;
  const adminUrl = `http://127.0.0.1:${admin}`;
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(program, [], { cwd: folder, stdio: 'ignore', env });
    await serves(child, [`${adminUrl}/health`, `${ingressUrl}/restate/health`]);
    return child;
  };
  let child = await launch();
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    ingressUrl,
    adminUrl,
    folder,
    get pid() {
      return child.pid!;
    },
    kill,
    async start() {
      child = await launch();
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function serves(child: ChildProcess, urls: readonly string[]): Promise<void> {
  let fault: unknown;
  child.once('error', (error) => (fault = error));
  const end = performance.now() + START_LIMIT_MS;
  for (const url of urls) {
    while (!(await answers(url))) {
      if (fault !== undefined || child.exitCode !== null || performance.now() > end) {
        child.kill('SIGKILL');
        throw new Error("Restate's server did not start", { cause: fault });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
