import type { Value } from '@basalt/ir';
import { ChromeTrace } from '../observe/chrome-trace.js';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext } from '../node-handler.js';
import { startRun } from './run.js';
import { bundleOf, gather, pass } from '../testing/flow-fixture.js';

const flow = compilePlan(
  bundleOf({
    nodes: {
      in: async function* (_: Value, { random }: NodeContext) {
        for (let i = 0; i < 20; i += 1) yield random.int(100);
      } as never,
      work: {
        run: async (n: number, { clock, random }: NodeContext) => {
          await clock.sleep(random.int(50));
          return { n, at: clock.now(), id: random.uuid() };
        },
        concurrency: { max: 3 },
      },
      out: pass,
    },
    edges: [{ edge: 'in -> work', ordering: 'unordered' }, 'work -> out'],
  }),
);

async function traced(seed: number) {
  const chunks: string[] = [];
  const trace = new ChromeTrace({ write: (chunk: string) => void chunks.push(chunk) } as never);
  const run = startRun(
    flow,
    { payload: null, mode: 'stream' },
    { deterministic: { seed, startMs: 1_000 }, observer: trace },
  );
  const values = await gather(run.outputs());
  const result = await run.result;
  await trace.close();
  return { id: run.id, values, result, bytes: chunks.join('') };
}

describe('deterministic mode', () => {
  it('gives identical ids, values, summaries and trace bytes for an equal seed', async () => {
    const [first, second] = [await traced(7), await traced(7)];
    expect(first.values).toHaveLength(20);
    expect(second).toEqual(first);
    expect(first.bytes.length).toBeGreaterThan(1000);
    expect((await traced(8)).values).not.toEqual(first.values);
  });

  it('moves time only when nothing else can happen', async () => {
    const times: number[] = [];
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: async (_: Value, { clock }: NodeContext) => {
            for (const ms of [86_400_000, 0, 5]) {
              await clock.sleep(ms);
              times.push(clock.now());
            }
            return 1;
          },
        },
        edges: [],
      }),
    );
    const result = await startRun(plan, { payload: null }, { deterministic: { seed: 1 } }).result;
    expect(times).toEqual([86_400_000, 86_400_000, 86_400_005]);
    expect(result.summary).toEqual({
      duration_ms: 86_400_005,
      nodes: [{ alias: 'in', invocations: 1, avg_ms: 86_400_005 }],
      errors: [],
    });
  });

  it.each<[string, () => unknown]>([
    ['Date.now', () => Date.now()],
    ['Math.random', () => Math.random()],
    ['setTimeout', () => setTimeout(() => undefined, 1)],
    ['crypto.randomUUID', () => crypto.randomUUID()],
  ])('traps %s in handlers, and nowhere else', async (_, use) => {
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: async () => {
            await null;
            use();
            return 1;
          },
        },
        edges: [],
      }),
    );
    const run = startRun(plan, { payload: null }, { deterministic: { seed: 1 } });
    expect(() => use()).not.toThrow();
    const result = await run.result;
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN310']);
    expect((await startRun(plan, { payload: null }).result).output).toBe(1);
  });
});
