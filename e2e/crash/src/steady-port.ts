// A free port that the system gives to nobody else while its owner is dead: below those that outgoing
// connections come from.
import { once } from 'node:events';
import { createServer } from 'node:net';

const LEAST = 20_000;
const PORTS = 10_000;

/** @throws Error where none of a hundred is free. */
export async function steadyPort(): Promise<number> {
  for (let left = 100; left > 0; left -= 1) {
    const port = LEAST + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
