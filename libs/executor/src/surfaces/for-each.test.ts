import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeHandler } from '../node-handler.js';
import { runFlow, startRun } from '../run/run.js';
import { bundleOf, pass } from '../testing/flow-fixture.js';

const turns = async (n: number) => {
  for (let i = 0; i < n; i += 1) await null;
};

const bundle = (body: NodeHandler, config: object = {}) =>
  bundleOf({
    nodes: { list: pass, body, sum: pass },
    edges: ['list -> body', 'body -> sum'],
    surfaces: [
      [
        'for_each',
        {
          source: 'list',
          items_pointer: '/items',
          body_entry: 'body',
          body_exit: 'body',
          collect: 'sum',
          ...config,
        },
      ],
    ],
  });

describe('for_each', () => {
  it('collects the results in the order of the items, however they finish', async () => {
    const slowFirst = async (n: number) => {
      await turns(10 - n);
      return n * 10;
    };
    const value = await runFlow(bundle(slowFirst, { concurrency: 5 }), { items: [1, 2, 3, 4, 5] });
    expect(value).toEqual([10, 20, 30, 40, 50]);
  });

  it('keeps to its concurrency, and uses it', async () => {
    let now = 0;
    let most = 0;
    const body = async (n: number) => {
      now += 1;
      most = Math.max(most, now);
      await turns(5);
      now -= 1;
      return n;
    };
    const items = Array.from({ length: 50 }, (_, i) => i);
    expect(await runFlow(bundle(body, { concurrency: 4 }), { items })).toEqual(items);
    expect(most).toBe(4);
    most = 0;
    expect(await runFlow(bundle(body), { items })).toEqual(items);
    expect(most).toBe(1);
  });

  it('collects nothing of an empty list, and nothing of what is dropped', async () => {
    expect(await runFlow(bundle(pass), { items: [] })).toEqual([]);
    const odd = (n: number) => (n % 2 === 1 ? n : undefined);
    expect(await runFlow(bundle(odd), { items: [1, 2, 3, 4, 5] })).toEqual([1, 3, 5]);
  });

  it('skips failed items, or fails', async () => {
    const body = (n: number) => {
      if (n === 2) throw new Error('two');
      return n;
    };
    expect(await runFlow(bundle(body, { on_error: 'skip' }), { items: [1, 2, 3] })).toEqual([1, 3]);
    const failed = await startRun(compilePlan(bundle(body)), { payload: { items: [1, 2, 3] } })
      .result;
    expect(failed.diagnostics.map(({ message }) => message)).toEqual([
      'Node body failed on attempt 1: two',
    ]);
  });

  it('takes ten thousand items', async () => {
    const items = Array.from({ length: 10_000 }, (_, i) => i);
    expect(await runFlow(bundle(pass, { concurrency: 8 }), { items })).toEqual(items);
  });

  it('fails its source where there is no list', async () => {
    for (const payload of [{}, { items: 'abc' }, { items: null }] as Value[]) {
      const result = await startRun(compilePlan(bundle(pass)), { payload }).result;
      expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN120']);
    }
  });

  it('nests', async () => {
    const flow = bundleOf({
      nodes: { outer: pass, inner: pass, leaf: (n: number) => n + 1, row: pass, table: pass },
      edges: ['outer -> inner', 'inner -> leaf', 'leaf -> row', 'row -> table'],
      surfaces: [
        [
          'for_each',
          {
            source: 'outer',
            items_pointer: '',
            body_entry: 'inner',
            body_exit: 'row',
            collect: 'table',
            concurrency: 3,
          },
        ],
        [
          'for_each',
          {
            source: 'inner',
            items_pointer: '',
            body_entry: 'leaf',
            body_exit: 'leaf',
            collect: 'row',
            concurrency: 2,
          },
        ],
      ],
    });
    expect(await runFlow(flow, [[1, 2], [], [3], [4, 5, 6]])).toEqual([[2, 3], [], [4], [5, 6, 7]]);
  });

  it('joins within one item', async () => {
    const flow = bundleOf({
      nodes: {
        list: pass,
        item: pass,
        left: async (n: number) => {
          await turns(7 - n);
          return n * 2;
        },
        right: (n: number) => n * 3,
        both: pass,
        all: pass,
      },
      edges: [
        'list -> item',
        'item -> left',
        'item -> right',
        'left -> both',
        'right -> both',
        'both -> all',
      ],
      surfaces: [
        [
          'for_each',
          {
            source: 'list',
            items_pointer: '',
            body_entry: 'item',
            body_exit: 'both',
            collect: 'all',
            concurrency: 4,
          },
        ],
        ['join', { target: 'both', sources: ['left', 'right'] }],
      ],
    });
    const value = await runFlow(flow, [1, 2, 3]);
    expect(value).toEqual([1, 2, 3].map((n) => ({ left: n * 2, right: n * 3 })) as Value);
  });
});
