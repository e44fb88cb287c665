import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext } from '../node-handler.js';
import { startRun } from './run.js';
import {
  bundleOf,
  gather,
  pass,
  type EdgeFixture,
  type SurfaceFixture,
} from '../testing/flow-fixture.js';

interface Job {
  readonly id: number;
  readonly ms: number;
  readonly key?: string;
}

const host = { deterministic: { seed: 1 } };
const jobs = (ms: number[], key?: (i: number) => string): Job[] =>
  ms.map((ms, id) => ({ id, ms, ...(key === undefined ? {} : { key: key(id) }) }));

function flow(
  max: number,
  edge: Partial<Exclude<EdgeFixture, string>>,
  surfaces: SurfaceFixture[] = [],
) {
  const events: string[] = [];
  let now = 0;
  let most = 0;
  const bundle = bundleOf({
    nodes: {
      in: async function* (list: readonly Job[]) {
        yield* list;
      } as never,
      work: {
        run: async ({ id, ms }: Job, { clock }: NodeContext) => {
          now += 1;
          most = Math.max(most, now);
          events.push(`+${id}`);
          await clock.sleep(ms);
          events.push(`-${id}`);
          now -= 1;
          return id;
        },
        concurrency: { max },
      },
      out: pass,
    },
    edges: [{ edge: 'in -> work', ...edge }, 'work -> out'],
    surfaces,
  });
  const run = async (list: Job[]) => {
    const handle = startRun(
      compilePlan(bundle),
      { payload: list as unknown as Value, capture: 'out', mode: 'stream' },
      host,
    );
    return gather(handle.outputs());
  };
  return { run, events, most: () => most };
}

describe('concurrency', () => {
  it('runs one after the other by default', async () => {
    const { run, most } = flow(1, {});
    expect(await run(jobs([30, 20, 10]))).toEqual([0, 1, 2]);
    expect(most()).toBe(1);
  });

  it('releases the results of an ordered edge in the order of its messages', async () => {
    const { run, most, events } = flow(3, {});
    expect(await run(jobs([30, 20, 10, 5]))).toEqual([0, 1, 2, 3]);
    expect(most()).toBe(3);
    expect(events.slice(0, 5)).toEqual(['+0', '+1', '+2', '-2', '-1']);
  });

  it('releases those of an unordered edge as they finish', async () => {
    const { run } = flow(3, { ordering: 'unordered' });
    expect(await run(jobs([30, 20, 10, 5]))).toEqual([2, 3, 1, 0]);
  });

  it('keeps the order of each partition, and runs partitions side by side', async () => {
    const byParity = (i: number) => (i % 2 === 0 ? 'even' : 'odd');
    const { run, events, most } = flow(4, { partition_key: '/key' });
    expect(await run(jobs([30, 5, 10, 5], byParity))).toEqual([1, 3, 0, 2]);
    expect(events).toEqual(['+0', '+1', '-1', '+3', '-3', '-0', '+2', '-2']);
    expect(most()).toBe(2);
  });

  it('takes the key of a partition surface', async () => {
    const surface: SurfaceFixture = ['partition', { edge: { from: 'in', to: 'work' }, key: 'key' }];
    const { run, most } = flow(4, {}, [surface]);
    expect(await run(jobs([20, 10], () => 'same'))).toEqual([0, 1]);
    expect(most()).toBe(1);
  });

  it('bounds what waits for a busy partition', async () => {
    const { run } = flow(2, { partition_key: '/key', buffer: { max_items: 2 } });
    const many = jobs(
      Array.from({ length: 50 }, (_, i) => 50 - i),
      () => 'same',
    );
    expect(await run(many)).toEqual(many.map(({ id }) => id));
  });

  it('keeps streams in order, too', async () => {
    const bundle = bundleOf({
      nodes: {
        in: async function* () {
          yield* [30, 10, 20];
        },
        work: {
          run: async function* (ms: number, { clock }: NodeContext) {
            for (let i = 0; i < 3; i += 1) {
              await clock.sleep(ms);
              yield `${ms}/${i}`;
            }
          } as never,
          concurrency: { max: 3 },
        },
        out: pass,
      },
      edges: ['in -> work', 'work -> out'],
    });
    const run = startRun(compilePlan(bundle), { payload: null, mode: 'stream' }, host);
    expect(await gather(run.outputs())).toEqual(
      [30, 10, 20].flatMap((ms) => [0, 1, 2].map((i) => `${ms}/${i}`)),
    );
  });

  it('keeps the order over failures that are retried and dropped', async () => {
    const bundle = bundleOf({
      nodes: {
        in: async function* () {
          yield* [0, 1, 2, 3];
        },
        work: {
          run: async (n: number, { attempt }: NodeContext) => {
            if (n === 0 && attempt === 1) throw new Error('again');
            if (n === 2) throw new Error('never');
            return n;
          },
          concurrency: { max: 4 },
          retry: {
            max_attempts: 2,
            backoff_ms: 50,
            multiplier: 1,
            max_backoff_ms: 50,
            jitter: 'full',
            owner: 'orchestrator',
          },
        },
        out: pass,
      },
      edges: ['in -> work', 'work -> out'],
      surfaces: [['error_handler', { scope: { nodes: ['work'] }, strategy: 'continue' }]],
    });
    const run = startRun(compilePlan(bundle), { payload: null, mode: 'stream' }, host);
    expect(await gather(run.outputs())).toEqual([0, 1, 3]);
  });
});

describe('batches', () => {
  const batched = (concurrency: object, source: (c: NodeContext) => AsyncIterable<Value>) =>
    compilePlan(
      bundleOf({
        nodes: {
          in: (_: Value, context: NodeContext) => source(context),
          out: { run: pass, concurrency: { max: 1, ...concurrency } },
        },
        edges: ['in -> out'],
      }),
    );

  it('are handed over when they are full, and at the end', async () => {
    const plan = batched({ batch: 3 }, async function* () {
      yield* [1, 2, 3, 4, 5, 6, 7];
    });
    const run = startRun(plan, { payload: null, mode: 'stream' }, host);
    expect(await gather(run.outputs())).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it('are handed over when their first message has waited long enough', async () => {
    const plan = batched({ batch: 3, batch_wait_ms: 15 }, async function* ({ clock }) {
      for (let i = 0; i < 4; i += 1) {
        yield i;
        await clock.sleep(10);
      }
    });
    const run = startRun(plan, { payload: null, mode: 'stream' }, host);
    expect(await gather(run.outputs())).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
});

describe('rate limits', () => {
  it('let a burst through, then one at a time; retries take tokens, too', async () => {
    const times: number[] = [];
    const bundle = bundleOf({
      nodes: {
        in: async function* () {
          yield* [0, 1, 2, 3, 4];
        },
        call: {
          run: (n: number, { clock, attempt }: NodeContext) => {
            times.push(clock.now());
            if (n === 4 && attempt === 1) throw new Error('again');
            return n;
          },
          retry: {
            max_attempts: 2,
            backoff_ms: 0,
            multiplier: 1,
            max_backoff_ms: 0,
            jitter: 'none',
            owner: 'orchestrator',
          },
        },
      },
      edges: ['in -> call'],
      surfaces: [['rate_limit', { target: 'call', qps: 10, burst: 2 }]],
    });
    const run = startRun(compilePlan(bundle), { payload: null, mode: 'stream' }, host);
    expect(await gather(run.outputs())).toEqual([0, 1, 2, 3, 4]);
    expect(times).toEqual([0, 0, 100, 200, 300, 400]);
  });
});
