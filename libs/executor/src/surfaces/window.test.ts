import { compilePlan } from '../plan/compile-plan.js';
import { startRun } from '../run/run.js';
import { bundleOf, gather, pass } from '../testing/flow-fixture.js';

const items = [1, 4, 12, 3, 25, 2].map((t) => ({ t }));

const flow = (config: object, edges: string[] = []) =>
  bundleOf({
    nodes: {
      source: async function* (list: object[]) {
        yield* list;
      },
      windows: pass,
      late: (item: object) => ({ late: item }),
      out: pass,
    } as never,
    edges: ['source -> windows', 'windows -> out', ...edges],
    surfaces: [
      [
        'window',
        {
          event_time_pointer: '/t',
          size_ms: 10,
          allowed_lateness_ms: 0,
          watermark: 'max_event_time',
          target: 'windows',
          ...config,
        },
      ],
    ],
  });

describe('window', () => {
  it('hands closed windows to its target and flushes at the end', async () => {
    const run = startRun(compilePlan(flow({})), {
      payload: items,
      capture: 'out',
      mode: 'stream',
    });
    expect(await gather(run.outputs())).toEqual([
      { key: null, start_ms: 0, end_ms: 10, items: [{ t: 1 }, { t: 4 }] },
      { key: null, start_ms: 10, end_ms: 20, items: [{ t: 12 }] },
      { key: null, start_ms: 20, end_ms: 30, items: [{ t: 25 }] },
    ]);
    expect(run.stats().dropped).toBe(2);
  });

  it('sends late items to their node', async () => {
    const bundle = flow({ late: 'late' }, ['windows -> late', 'late -> out']);
    const run = startRun(compilePlan(bundle), { payload: items, capture: 'out', mode: 'stream' });
    const values = await gather(run.outputs());
    expect(values.filter((value) => 'late' in (value as object))).toEqual([
      { late: { t: 3 } },
      { late: { t: 2 } },
    ]);
    expect(values).toHaveLength(5);
  });

  it('fails on an item without a time, or hands it to an error handler', async () => {
    const run = startRun(compilePlan(flow({})), { payload: [{ t: 1 }, {}], capture: 'out' });
    const result = await run.result;
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN301']);
    expect(result.summary.errors).toEqual([
      { alias: 'windows', error_kind: 'window_failed', count: 1 },
    ]);
  });
});
