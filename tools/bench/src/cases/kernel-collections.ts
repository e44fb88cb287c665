// Persistent maps and vectors of the runtime beside LLVM's ImmutableMap, the one persistent collection
// for C or C++ that Debian 12 packages, and beside the mutable containers of the C++ library, which keep
// no older version and so are the floor.
import type { ReportCase } from '../bench-case.js';
import {
  buildWithLlvm,
  buildWithRuntime,
  ensureLlvm,
  serveBatches,
  withFolder,
} from '../native-program.js';
import { spreadText } from '../spread-text.js';

const ROUNDS = 15;
const BATCHES = [
  'map-build',
  'map-get',
  'map-set',
  'map-set-kept',
  'map-remove',
  'map-walk',
  'vector-push',
  'vector-get',
  'vector-set-kept',
  'vector-walk',
];
/** What the mutable containers can do too. */
const MUTABLE = new Set([
  'map-build',
  'map-get',
  'map-set',
  'map-remove',
  'map-walk',
  'vector-push',
  'vector-get',
]);

function line(name: string, ours: number[], peer: number[], floor: number[]): string {
  const digits = name.startsWith('vector') ? 1 : 0;
  const ratio = spreadText(
    ours.map((sample, i) => sample / (peer[i] ?? NaN)),
    2,
  );
  const mutable = floor.length === 0 ? '' : `, mutable ${spreadText(floor, digits)}`;
  const figures = `${spreadText(ours, digits)}, LLVM ${spreadText(peer, digits)}, ratio ${ratio}`;
  return `${name.padEnd(16)} ${figures}${mutable}`;
}

async function report(folder: string): Promise<string[]> {
  const llvm = ensureLlvm();
  const ours = serveBatches(buildWithRuntime(folder, 'basalt-collections'));
  const peer = serveBatches(buildWithLlvm(folder, 'llvm-collections', llvm));
  const lines = [
    `${ROUNDS} rounds of 100,000 operations in maps of 100,000 text keys and vectors of 100,000 items`,
    'ns of CPU time an operation: median and spread of ours and of LLVM, ours / LLVM by round, mutable',
  ];
  for (const batch of BATCHES) {
    const samples: [number[], number[], number[]] = [[], [], []];
    for (let round = -1; round < ROUNDS; round += 1) {
      const own = await ours.run(batch);
      const other = await peer.run(batch);
      const floor = MUTABLE.has(batch) ? await peer.run(`mutable:${batch}`) : undefined;
      // The first round warms up.
      if (round < 0) continue;
      samples[0].push(own);
      samples[1].push(other);
      if (floor !== undefined) samples[2].push(floor);
    }
    lines.push(line(batch, ...samples));
  }
  ours.close();
  peer.close();
  return lines;
}

export const kernelCollections: ReportCase = {
  name: 'kernel-collections',
  about:
    'persistent maps and vectors of the runtime in C, beside a persistent peer and mutable ones',
  report: () => withFolder(report),
};
