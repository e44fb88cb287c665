import type { Value } from '@basalt/ir';
import type { RunObserver } from '../observe/run-observer.js';
import { compilePlan } from '../plan/compile-plan.js';
import type { HostOptions } from './host-options.js';
import { startRun } from './run.js';
import { bundleOf, gather, pass } from '../testing/flow-fixture.js';

const flow = (config: object = {}, source = pass) =>
  compilePlan(
    bundleOf({
      nodes: { ask: source, decided: pass, late: ({ input }) => ({ late: input }), out: pass },
      edges: [
        'ask -> decided',
        'decided -> out',
        ...('on_timeout' in config ? ['ask -> late', 'late -> out'] : []),
      ],
      surfaces: [
        [
          'await',
          {
            checkpoint_id: 'approval',
            correlation_key: '/id',
            source: 'ask',
            target: 'decided',
            ...config,
          },
        ],
      ],
    }),
  );

const start = (plan: ReturnType<typeof flow>, payload: Value, host: HostOptions = {}) =>
  startRun(plan, { payload, capture: 'out' }, host);

describe('await', () => {
  it('holds a message until its event comes', async () => {
    const run = start(flow(), { id: 7 });
    expect(run.waiting()).toMatchObject([
      { checkpointId: 'approval', correlationKey: 7, input: { id: 7 } },
    ]);
    expect(run.resume('approval', 8, true)).toBe(false);
    expect(run.resume('other', 7, true)).toBe(false);
    expect(run.resume('approval', 7, { ok: true })).toBe(true);
    expect(run.resume('approval', 7, { ok: true })).toBe(false);
    expect(await run.result).toMatchObject({
      status: 'completed',
      output: { event: { ok: true }, input: { id: 7 } },
    });
    expect(run.waiting()).toEqual([]);
  });

  it('resumes the message that waits longest, each with its own event', async () => {
    const many = async function* () {
      yield* [
        { id: 1, n: 0 },
        { id: 2, n: 1 },
        { id: 1, n: 2 },
      ];
    };
    const run = startRun(flow({}, many), { payload: null, capture: 'out', mode: 'stream' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(run.waiting()).toHaveLength(3);
    for (const id of [1, 2, 1]) expect(run.resume('approval', id, 'go')).toBe(true);
    expect(
      (await gather(run.outputs())).map((value) => (value as { input: { n: number } }).input.n),
    ).toEqual([0, 1, 2]);
  });

  it('goes another way after its limit, or fails', async () => {
    const seen: unknown[] = [];
    const observer: RunObserver = {
      waiting: (_run, checkpoint) => void seen.push(['waiting', checkpoint]),
      resumed: () => void seen.push('resumed'),
      waitTimedOut: (_run, checkpoint, _key, input) =>
        void seen.push(['timed out', checkpoint, input]),
    };
    const timed = start(
      flow({ timeout_ms: 1000, on_timeout: 'late' }),
      { id: 1 },
      { deterministic: { seed: 1 }, observer },
    );
    expect((await timed.result).output).toEqual({ late: { id: 1 } });
    expect(seen).toEqual([
      ['waiting', 'approval'],
      ['timed out', 'approval', { id: 1 }],
    ]);
    const failing = start(flow({ timeout_ms: 1000 }), { id: 1 }, { deterministic: { seed: 1 } });
    expect((await failing.result).diagnostics.map(({ message }) => message)).toEqual([
      'The wait at checkpoint approval took longer than its limit of 1000 ms.',
    ]);
  });

  it('fails at once on a host that does not wait', async () => {
    const run = start(flow(), { id: 'x' }, { onSuspended: 'fail' });
    expect((await run.result).diagnostics.map(({ message }) => message)).toEqual([
      'The execution waits at checkpoint approval for an event with the key "x", and its host does not wait.',
    ]);
  });

  it('refuses an event that does not match its schema', async () => {
    const run = start(flow({ event_schema: { type: 'boolean' } }), { id: 1 });
    expect(run.resume('approval', 1, 'yes')).toBe(false);
    expect(run.resume('approval', 1, true)).toBe(true);
    const result = await run.result;
    expect(result.status).toBe('completed');
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN131']);
  });

  it('fails on a message without a correlation key', async () => {
    const result = await start(flow(), {}).result;
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN120']);
  });

  it('ends with a cancellation', async () => {
    const run = start(flow(), { id: 1 });
    await run.cancel();
    expect((await run.result).status).toBe('cancelled');
    expect(run.resume('approval', 1, true)).toBe(false);
  });
});
