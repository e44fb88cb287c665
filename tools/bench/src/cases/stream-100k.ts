// A hundred thousand items streamed through two nodes, with backpressure, to a consumer.
import { Readable, Transform } from 'node:stream';
import { compilePlan, startRun } from '@basalt/executor';
import type { BenchCase, Contender } from '../bench-case.js';
import { loadPeer } from '../peers.js';
import { streamFlow } from '../stream-flow.js';

const ITEMS = 100_000;
const SUM = ITEMS * ITEMS + ITEMS;

function expectSum(sum: number): void {
  if (sum !== SUM) throw new Error(`expected ${SUM}, got ${sum}`);
}

async function* numbers(): AsyncGenerator<number> {
  for (let i = 0; i < ITEMS; i += 1) yield i;
}

const basalt: Contender = {
  name: 'basalt, stream capture',
  async setup() {
    const plan = compilePlan(streamFlow(ITEMS));
    return async () => {
      const run = startRun(plan, { payload: null, mode: 'stream' });
      let sum = 0;
      for await (const n of run.outputs()) sum += n as number;
      await run.result;
      expectSum(sum);
    };
  },
};

const generators: Contender = {
  name: 'bare async generators',
  async setup() {
    async function* map(source: AsyncIterable<number>, f: (n: number) => number) {
      for await (const n of source) yield f(n);
    }
    return async () => {
      let sum = 0;
      for await (const n of map(
        map(numbers(), (v) => v * 2),
        (v) => v + 2,
      ))
        sum += n;
      expectSum(sum);
    };
  },
};

const nodeStreams: Contender = {
  name: 'Node object streams',
  async setup() {
    const map = (f: (n: number) => number) =>
      new Transform({ objectMode: true, transform: (n: number, _, done) => done(null, f(n)) });
    return async () => {
      let sum = 0;
      const source = Readable.from(numbers());
      for await (const n of source.pipe(map((v) => v * 2)).pipe(map((v) => v + 2)))
        sum += n as number;
      expectSum(sum);
    };
  },
};

const rxjs: Contender = {
  name: 'RxJS 7 (no backpressure)',
  async setup() {
    const { from, lastValueFrom, map, reduce } = await loadPeer('rxjs');
    return async () => {
      const steps = [map((v: number) => v * 2), map((v: number) => v + 2)];
      const total = reduce((a: number, b: number) => a + b, 0);
      expectSum(await lastValueFrom(from(numbers()).pipe(...steps, total)));
    };
  },
};

export const stream100k: BenchCase = {
  name: 'stream-100k',
  operation: 'item',
  about: `${ITEMS} items through two nodes to a consumer`,
  operations: ITEMS,
  rounds: 11,
  contenders: [basalt, generators, nodeStreams, rxjs],
};
