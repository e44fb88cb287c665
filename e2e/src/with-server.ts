// An HTTP server on this machine for one fixture.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Runs `body` with the address of a server that answers with `listener`; it is closed afterwards. */
export async function withServer<T>(
  listener: RequestListener,
  body: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/rates`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}
