// The systems that we measure beside ours, from tools/bench/peers (installed when the bench first
// runs). They are loaded without their types: the bench must compile without them.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Peer = any;

/** @param below folder of `peers` that has packages of its own */
export async function loadPeer(specifier: string, below = '.'): Promise<Peer> {
  const root = process.env['BASALT_BENCH_PEERS'];
  if (root === undefined) throw new Error('start the bench with tools/bench/run.mjs');
  const require = createRequire(join(root, below, 'peers.mjs'));
  return import(pathToFileURL(require.resolve(specifier)).href);
}
