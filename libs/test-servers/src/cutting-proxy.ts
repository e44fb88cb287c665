// A TCP proxy in front of a server, which cuts connections when it is told to: so that a client loses
// a request on its way, or the answer to one that was carried out.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What a cut loses: the request, before the server sees it; or the answer, after the server has
 * carried the request out. */
export type Cut = 'request' | 'answer';

export interface CuttingProxy {
  readonly port: number;
  /** Loses the next request for which `matches` holds, or its answer, and with it the connection.
   * Resolves when it has. `matches` sees the bytes of one packet as Latin-1 text. */
  cutNext(cut: Cut, matches?: (packet: string) => boolean): Promise<void>;
  /** Ends all connections now, and refuses new ones until `restore`. */
  sever(): void;
  restore(): void;
  close(): Promise<void>;
}

interface PendingCut {
  readonly cut: Cut;
  readonly matches: (packet: string) => boolean;
  readonly done: () => void;
}

/** Starts a proxy to a port of this machine. */
export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let pending: PendingCut | undefined;
  let severed = false;
  const server = createServer((client) => {
    if (severed) return void client.destroy();
    const upstream = connect(targetPort, '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    let losesAnswer: PendingCut | undefined;
    client.on('data', (packet: Buffer) => {
      const hit = pending?.matches(packet.toString('latin1')) === true ? pending : undefined;
      if (hit !== undefined) pending = undefined;
      if (hit?.cut === 'request') {
        end();
        return hit.done();
      }
      losesAnswer ??= hit;
      upstream.write(packet);
    });
    upstream.on('data', (packet: Buffer) => {
      if (losesAnswer === undefined) return void client.write(packet);
      end();
      losesAnswer.done();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endAll = () => {
    for (const [client] of pairs) client.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cutNext: (cut, matches = () => true) =>
      new Promise((resolve) => (pending = { cut, matches, done: resolve })),
    sever() {
      severed = true;
      endAll();
    },
    restore: () => void (severed = false),
    async close() {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
