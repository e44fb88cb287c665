import { compilePlan } from '../plan/compile-plan.js';
import { startRun } from '../run/run.js';
import { bundleOf, gather, pass, turns, type SurfaceFixture } from '../testing/flow-fixture.js';

const counting = (times: number, factor: number, pause: number) =>
  async function* (limit: number) {
    for (let i = 0; i < limit * times; i += 1) {
      await turns(pause);
      yield i * factor;
    }
  };

const flow = (surface: SurfaceFixture, a = counting(1, 1, 0), b = counting(1, 10, 4)) =>
  compilePlan(
    bundleOf({
      nodes: { start: pass, a, b, both: pass },
      edges: ['start -> a', 'start -> b', 'a -> both', 'b -> both'],
      surfaces: [surface],
    }),
  );

const outputsOf = (plan: ReturnType<typeof flow>, payload: number) => {
  const run = startRun(plan, { payload, mode: 'stream' });
  return gather(run.outputs());
};

describe('zip', () => {
  it('pairs the n-th messages of its sources', async () => {
    const plan = flow(['zip', { target: 'both', sources: ['a', 'b'] }]);
    expect(await outputsOf(plan, 100)).toEqual(
      Array.from({ length: 100 }, (_, i) => ({ a: i, b: i * 10 })),
    );
  });

  it('fails on an uneven end, or drops it', async () => {
    const config = { target: 'both', sources: ['a', 'b'] };
    const uneven = flow(['zip', config], counting(2, 1, 0));
    await expect(outputsOf(uneven, 3)).rejects.toThrow(
      'RUN133: Zip zip:0 has 3 left of a, 0 left of b, which cannot be paired.',
    );
    const dropping = flow(['zip', { ...config, on_uneven: 'drop' }], counting(2, 1, 0));
    const run = startRun(dropping, { payload: 3, mode: 'stream' });
    expect(await gather(run.outputs())).toEqual([0, 1, 2].map((i) => ({ a: i, b: i * 10 })));
    expect((await run.result).status).toBe('completed');
    expect(run.stats().dropped).toBe(3);
  });
});

describe('merge', () => {
  it('passes all of one source before the next', async () => {
    const plan = flow(['merge', { target: 'both', sources: ['b', 'a'], order: 'source' }]);
    expect(await outputsOf(plan, 40)).toEqual([
      ...Array.from({ length: 40 }, (_, i) => i * 10),
      ...Array.from({ length: 40 }, (_, i) => i),
    ]);
  });

  it('passes on as they come', async () => {
    const plan = flow(['merge', { target: 'both', sources: ['b', 'a'], order: 'arrival' }]);
    const values = await outputsOf(plan, 5);
    expect([...values].sort((x, y) => Number(x) - Number(y))).toEqual([
      0, 0, 1, 2, 3, 4, 10, 20, 30, 40,
    ]);
    expect(values[0]).toBe(0);
  });
});
