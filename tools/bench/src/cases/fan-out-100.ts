// One value to a hundred nodes and back into one join.
import { compilePlan, runFlow } from '@basalt/executor';
import { flowId } from '@basalt/ir';
import type { BenchCase, Contender } from '../bench-case.js';
import { benchEdge, benchFlow, benchNode } from '../chain-flow.js';
import { loadPeer } from '../peers.js';

const WIDTH = 100;
const RUNS = 50;
const SUM = (WIDTH * (WIDTH + 1)) / 2;
const branch = async (n: number, i: number) => n + i + 1;

function expectSum(result: unknown): void {
  if (result !== SUM) throw new Error(`expected ${SUM}, got ${String(result)}`);
}

const basalt: Contender = {
  name: 'basalt, join',
  async setup() {
    const name = 'fan_out_100';
    const id = flowId(name, '1.0.0');
    const branches = Array.from({ length: WIDTH }, (_, i) => `b${i}`);
    const nodes = [
      benchNode(id, 'trigger', { kind: 'trigger' }),
      ...branches.map((alias) => benchNode(id, alias)),
      benchNode(id, 'sum'),
    ];
    const edges = branches.flatMap((alias) => [
      benchEdge('trigger', alias),
      benchEdge(alias, 'sum'),
    ]);
    const join = {
      id: 'join:sum:0',
      kind: 'join',
      targets: ['sum', ...branches],
      config: { v: 1, target: 'sum', sources: branches },
    } as const;
    const sum = (parts: Record<string, number>) => Object.values(parts).reduce((a, b) => a + b, 0);
    const handlers = new Map<string, (input: never) => unknown>([
      ['trigger', (v: never) => v],
      ['sum', sum as never],
      ...branches.map((alias, i) => [alias, (n: number) => branch(n, i)] as never),
    ]);
    const ir = benchFlow(name, nodes, edges, { control_surfaces: [join] });
    const plan = compilePlan({ ir, handlers: handlers as never });
    return async () => {
      for (let run = 0; run < RUNS; run += 1) expectSum(await runFlow(plan, 0));
    };
  },
};

const promiseAll: Contender = {
  name: 'bare Promise.all',
  async setup() {
    return async () => {
      for (let run = 0; run < RUNS; run += 1) {
        const parts = await Promise.all(Array.from({ length: WIDTH }, (_, i) => branch(0, i)));
        expectSum(parts.reduce((a, b) => a + b, 0));
      }
    };
  },
};

const rxjs: Contender = {
  name: 'RxJS 7 forkJoin',
  async setup() {
    const { forkJoin, from, lastValueFrom, map } = await loadPeer('rxjs');
    return async () => {
      for (let run = 0; run < RUNS; run += 1) {
        const parts = Array.from({ length: WIDTH }, (_, i) => from(branch(0, i)));
        const sum = map((all: number[]) => all.reduce((a, b) => a + b, 0));
        expectSum(await lastValueFrom(forkJoin(parts).pipe(sum)));
      }
    };
  },
};

export const fanOut100: BenchCase = {
  name: 'fan-out-100',
  operation: 'branch',
  about: `one value to ${WIDTH} nodes and a join of all`,
  operations: RUNS * WIDTH,
  rounds: 25,
  contenders: [basalt, promiseAll, rxjs],
};
