// A list of ten thousand items, eight at a time, results gathered in order.
import { compilePlan, runFlow, type NodeHandler } from '@basalt/executor';
import { flowId } from '@basalt/ir';
import type { BenchCase, Contender } from '../bench-case.js';
import { benchEdge, benchFlow, benchNode } from '../chain-flow.js';
import { loadPeer } from '../peers.js';

const ITEMS = 10_000;
const CONCURRENCY = 8;
const items = Array.from({ length: ITEMS }, (_, i) => i);
const body = async (n: number) => n * 2;

function expectResults(results: unknown): void {
  const list = results as number[];
  if (list.length !== ITEMS || list.some((n, i) => n !== i * 2)) throw new Error('wrong results');
}

const basalt: Contender = {
  name: 'basalt, for_each',
  async setup() {
    const name = 'for_each_10k';
    const id = flowId(name, '1.0.0');
    const nodes = [
      benchNode(id, 'trigger', { kind: 'trigger' }),
      benchNode(id, 'body'),
      benchNode(id, 'gather'),
    ];
    const forEach = {
      id: 'for_each:trigger:0',
      kind: 'for_each',
      targets: ['trigger', 'body', 'gather'],
      config: {
        v: 1,
        source: 'trigger',
        items_pointer: '',
        body_entry: 'body',
        body_exit: 'body',
        collect: 'gather',
        concurrency: CONCURRENCY,
        on_error: 'fail',
      },
    } as const;
    const edges = [benchEdge('trigger', 'body'), benchEdge('body', 'gather')];
    const ir = benchFlow(name, nodes, edges, { control_surfaces: [forEach] });
    const handlers = new Map<string, NodeHandler>([
      ['trigger', (v) => v],
      ['body', body],
      ['gather', (v) => v],
    ]);
    const plan = compilePlan({ ir, handlers });
    return async () => expectResults(await runFlow(plan, items));
  },
};

const pool: Contender = {
  name: 'bare pool of awaits',
  async setup() {
    return async () => {
      const results = new Array<number>(ITEMS);
      let next = 0;
      const worker = async () => {
        while (next < ITEMS) {
          const i = next;
          next += 1;
          results[i] = await body(items[i]!);
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, worker));
      expectResults(results);
    };
  },
};

const rxjs: Contender = {
  name: 'RxJS 7 mergeMap, ordered',
  async setup() {
    const { from, lastValueFrom, mergeMap, toArray } = await loadPeer('rxjs');
    return async () => {
      const one = mergeMap(async (n: number) => ({ n, result: await body(n) }), CONCURRENCY);
      const all = (await lastValueFrom(from(items).pipe(one, toArray()))) as {
        n: number;
        result: number;
      }[];
      expectResults(all.sort((a, b) => a.n - b.n).map(({ result }) => result));
    };
  },
};

export const forEach10k: BenchCase = {
  name: 'for-each-10k',
  operation: 'item',
  about: `${ITEMS} items through a body, ${CONCURRENCY} at once, gathered in order`,
  operations: ITEMS,
  rounds: 25,
  contenders: [basalt, pool, rxjs],
};
