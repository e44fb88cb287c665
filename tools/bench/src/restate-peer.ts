// A Restate server of one node and a service on its SDK, started by the case that measures it and ended
// with this process. It is installed when first needed: the server is large.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadPeer } from './peers.js';

/** Calls a handler that makes `steps` durable steps, one after the other; gives their number. */
export type RestateSteps = (steps: number) => Promise<number>;

function install(): string {
  const folder = join(process.env['BASALT_BENCH_PEERS']!, 'restate');
  if (!existsSync(join(folder, 'node_modules'))) {
    console.error('Installing Restate once ...');
    execFileSync('npm', ['ci'], { cwd: folder, stdio: ['ignore', 2, 2] });
  }
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Serves the handler over HTTP/2, without keeping the process alive. */
async function serveSteps(): Promise<string> {
  const restate = await loadPeer('@restatedev/restate-sdk', 'restate');
  const bench = restate.service({
    name: 'bench',
    handlers: {
      async steps(context: { run(name: string, act: () => number): Promise<number> }, n: number) {
        let done = 0;
        for (let i = 0; i < n; i += 1) done = await context.run(`step ${i}`, () => i + 1);
        return done;
      },
    },
  });
  const handler = restate.createEndpointHandler({ services: [bench], logger: () => undefined });
  const server = createHttp2Server(handler);
  server.on('session', (session) => session.unref());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Starts the server with its defaults (its log is flushed) on ports of its own. */
export async function startRestate(): Promise<RestateSteps> {
  const folder = install();
  const uri = await serveSteps();
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const data = mkdtempSync(join(tmpdir(), 'basalt-bench-restate-'));
  const program = join(
    folder,
    'node_modules/@restatedev',
    `restate-server-${process.platform}-${process.arch}/bin/restate-server`,
  );
  const server = spawn(program, [], {
    cwd: data,
    stdio: 'ignore',
    env: {
      ...process.env,
      RESTATE_BASE_DIR: data,
      RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
      RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'error',
    },
  });
  server.unref();
  process.on('exit', () => {
    server.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });
  for (let tries = 0; ; tries += 1) {
    try {
      await post(`http://127.0.0.1:${admin}/deployments`, { uri });
      break;
    } catch (error) {
      if (tries === 300 || server.exitCode !== null) throw error;
      await sleep(100);
    }
  }
  return async (steps) => (await post(`http://127.0.0.1:${ingress}/bench/steps`, steps)) as number;
}
