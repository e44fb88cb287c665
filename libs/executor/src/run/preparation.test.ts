import { memoryCache, systemClock, systemRng, type CacheStore } from '@basalt/capabilities';
import type { CacheSpec, Value } from '@basalt/ir';
import { ResultCache } from '../recovery/result-cache.js';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext } from '../node-handler.js';
import { startRun } from './run.js';
import { bundleOf, gather } from '../testing/flow-fixture.js';

function cached(spec: Partial<CacheSpec>, run: (n: Value, c: NodeContext) => unknown) {
  return compilePlan(
    bundleOf({
      nodes: {
        in: async function* (list: readonly Value[]) {
          yield* list;
        } as never,
        work: { run: run as never, cache: { tier: 'memory', ...spec } },
      },
      edges: ['in -> work'],
    }),
  );
}

describe('a cache', () => {
  it('reuses a result for an equal input, in later executions of the host as well', async () => {
    const seen: Value[] = [];
    const plan = cached({}, (n) => {
      seen.push(n);
      return { twice: (n as number) * 2 };
    });
    const host = {};
    const run = startRun(plan, { payload: [1, 2, 1], mode: 'stream' }, host);
    expect(await gather(run.outputs())).toEqual([{ twice: 2 }, { twice: 4 }, { twice: 2 }]);
    await startRun(plan, { payload: [2] }, host).result;
    expect(seen).toEqual([1, 2]);
    await startRun(plan, { payload: [2] }, {}).result;
    expect(seen).toEqual([1, 2, 2]);
  });

  it('takes a part of the input as its key', async () => {
    let calls = 0;
    const plan = cached({ key: '/id' }, () => (calls += 1));
    const payload: Value = [{ id: 1, at: 1 }, { id: 1, at: 2 }, { at: 3 }, { at: 4 }];
    const run = startRun(plan, { payload, mode: 'stream' });
    expect(await gather(run.outputs())).toEqual([1, 1, 2, 3]);
  });

  it('does not keep failures, nor what was emitted', async () => {
    let calls = 0;
    const failing = cached({}, () => {
      calls += 1;
      throw new Error('down');
    });
    const host = {};
    for (const _ of [1, 2]) {
      expect((await startRun(failing, { payload: [1] }, host).result).status).toBe('failed');
    }
    expect(calls).toBe(2);
    const emitting = cached({}, (n, { emit }) => {
      calls += 1;
      void emit(n);
    });
    const run = startRun(emitting, { payload: [5, 5], mode: 'stream' });
    expect(await gather(run.outputs())).toEqual([5, 5]);
    expect(calls).toBe(4);
  });

  it('is kept in the store of its tier, and reports hits', async () => {
    const host = { capabilities: { cacheDisk: memoryCache() } };
    const hits: Value[] = [];
    const observer = {
      cacheHit: (_: unknown, alias: string, value: Value) => void hits.push([alias, value]),
    };
    const plan = cached({ tier: 'disk', ttl_ms: 1000 }, (n) => n);
    await startRun(plan, { payload: [1] }, { ...host }).result;
    await startRun(plan, { payload: [1] }, { ...host, observer }).result;
    expect(hits).toEqual([['work', 1]]);
  });

  it('has to be bound for its tier before anything is executed', async () => {
    let calls = 0;
    const plan = cached({ tier: 'redis' }, () => (calls += 1));
    const { cacheRedis, ...others } = {
      cache: memoryCache(),
      cacheDisk: memoryCache(),
      cacheRedis: memoryCache(),
    };
    const { diagnostics } = await startRun(plan, { payload: [1] }, { capabilities: others }).result;
    expect(diagnostics.map(({ code, message, details }) => [code, message, details])).toEqual([
      [
        'CAP101',
        'The flow test needs resource::cache::redis, for which no provider is bound.',
        { hints: ['resource::cache::redis'] },
      ],
    ]);
    expect(calls).toBe(0);
    const stores = { redis: cacheRedis };
    const resultCache = new ResultCache({ clock: systemClock(), rng: systemRng(), stores });
    for (const host of [{ capabilities: { cacheRedis } }, { resultCache }]) {
      expect((await startRun(plan, { payload: [calls] }, host).result).status).toBe('completed');
    }
    expect(calls).toBe(2);
  });

  it('tells the execution that met a fault of its store, and no other', async () => {
    let broken = false;
    const inner = memoryCache();
    const cacheDisk: CacheStore = {
      ...inner,
      get: (key) => (broken ? Promise.reject(new Error('locked')) : inner.get(key)),
    };
    const host = { capabilities: { cacheDisk } };
    const plan = cached({ tier: 'disk' }, (n) => n);
    const codes = [];
    for (broken of [false, true, false]) {
      const { status, output, diagnostics } = await startRun(plan, { payload: [7] }, host).result;
      codes.push([status, output, diagnostics.map(({ code }) => code)]);
    }
    expect(codes).toEqual([
      ['completed', 7, []],
      ['completed', 7, ['RUN351']],
      ['completed', 7, []],
    ]);
  });

  it('shares one computation among those who ask at once', async () => {
    let calls = 0;
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: async function* () {
            yield* [1, 1, 1];
          },
          work: {
            run: async (n: number, { clock }) => {
              calls += 1;
              await clock.sleep(5);
              return n;
            },
            cache: { tier: 'memory' },
            concurrency: { max: 3 },
          },
        },
        edges: ['in -> work'],
      }),
    );
    const run = startRun(plan, { payload: null, mode: 'stream' }, { deterministic: { seed: 1 } });
    expect(await gather(run.outputs())).toEqual([1, 1, 1]);
    expect(calls).toBe(1);
  });

  it('does not let others wait for an execution that was cancelled', async () => {
    let calls = 0;
    const plan = cached({}, (n) => ((calls += 1) === 1 ? new Promise(() => undefined) : n));
    const host = { graceMs: 0 };
    const first = startRun(plan, { payload: [1] }, host);
    while (calls === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = startRun(plan, { payload: [1] }, host);
    await first.cancel();
    const { status, output } = await second.result;
    expect([status, output, calls]).toEqual(['completed', 1, 2]);
  });
});
