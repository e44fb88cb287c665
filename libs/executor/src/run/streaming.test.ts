import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext } from '../node-handler.js';
import { startRun } from './run.js';
import { bundleOf, chain, gather, pass, turns } from '../testing/flow-fixture.js';

const endless = (pulled: number[]) =>
  async function* () {
    for (let i = 0; ; i += 1) {
      pulled.push(i);
      yield i;
    }
  };

describe('a stream', () => {
  it('is drawn only as far as there is room', async () => {
    const pulled: number[] = [];
    const plan = compilePlan(
      bundleOf({
        nodes: { in: endless(pulled), mid: pass, out: pass },
        edges: [
          { edge: 'in -> mid', buffer: { max_items: 2 } },
          { edge: 'mid -> out', buffer: { max_items: 3 } },
        ],
      }),
    );
    const run = startRun(plan, { payload: null, mode: 'stream' });
    const values = run.outputs();
    await new Promise((resolve) => setImmediate(resolve));
    // Held: 8 for the consumer, one at out, 3 and one at mid, 2 and one at in.
    expect(pulled.length).toBe(16);
    expect((await values.next()).value).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(pulled.length).toBe(17);
    await values.return!();
    expect((await run.result).status).toBe('cancelled');
  });

  it('lets handlers wait where emitting finds no room', async () => {
    let waits = 0;
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: async (count: number, { emit }: NodeContext) => {
            for (let i = 0; i < count; i += 1) {
              const full = emit(i);
              if (full !== undefined) waits += 1;
              await full;
            }
          },
          out: async (n: number) => {
            await turns(2);
            return n;
          },
        },
        edges: [{ edge: 'in -> out', buffer: { max_items: 4 } }],
      }),
    );
    const run = startRun(plan, { payload: 100, mode: 'stream' });
    expect(await gather(run.outputs())).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(waits).toBeGreaterThan(0);
  });

  it('of 50,000 items passes a chain in flat memory', async () => {
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: async function* (count: number) {
            for (let i = 0; i < count; i += 1) yield i;
          },
          a: (n: number) => n + 1,
          b: async (n: number) => n * 2,
          out: pass,
        },
        edges: chain('in', 'a', 'b', 'out') as string[],
      }),
    );
    const run = startRun(plan, { payload: 50_000, mode: 'stream' });
    let sum = 0;
    let most = 0;
    for await (const value of run.outputs()) {
      sum += value as number;
      most = Math.max(most, run.stats().queued + run.stats().held);
    }
    expect(sum).toBe(50_000 * 50_001);
    expect(most).toBeLessThanOrEqual(3 * 32 + 3);
    expect((await run.result).status).toBe('completed');
  });

  it('does not keep timers of the process from running', async () => {
    const plan = compilePlan(
      bundleOf({ nodes: { in: endless([]), out: () => undefined }, edges: ['in -> out'] }),
    );
    const run = startRun(plan, { payload: null, mode: 'stream' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await run.cancel();
    expect((await run.result).status).toBe('cancelled');
  });

  it('gives what it has before its error', async () => {
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: async function* () {
            yield 1;
            yield 2;
            throw new Error('cut off');
          },
        },
        edges: [],
      }),
    );
    const seen: unknown[] = [];
    const consume = async () => {
      for await (const value of startRun(plan, { payload: null, mode: 'stream' }).outputs()) {
        seen.push(value);
      }
    };
    await expect(consume()).rejects.toThrow('cut off');
    expect(seen).toEqual([1, 2]);
  });
});
