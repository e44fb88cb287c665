import { ChromeTrace, type ChromeTraceOptions } from './chrome-trace.js';
import type { EdgePlan, NodePlan } from '../plan/exec-plan.js';
import type { ObservedInvocation, ObservedRun } from './run-observer.js';

class FakeRun implements ObservedRun {
  readonly flow = 'orders';
  readonly flowName = 'orders';
  readonly parentId = undefined;
  readonly startedAt = 0;
  readonly lastTick = 0;
  ms = 1_700_000_000_000;
  constructor(readonly id: string) {}
  now(): number {
    return this.ms;
  }
  countActive(): number {
    return 0;
  }
  eachDepth(): void {}
  eachEnded(): void {}
}

const call = (seq: number, alias: string, attempt = 1): ObservedInvocation => ({
  seq,
  alias,
  attempt,
  input: null,
  ms: 0,
});
const edge = { label: 'a->b' } as EdgePlan;

/** Everything that `script` reports, written and read back. */
async function traced(script: (trace: ChromeTrace) => void, options?: ChromeTraceOptions) {
  let text = '';
  const trace = new ChromeTrace({ write: (part) => void (text += part) }, options);
  script(trace);
  await trace.close();
  return { text, events: JSON.parse(text) as Record<string, unknown>[] };
}

describe('ChromeTrace', () => {
  it('writes a run with its nodes, threads and times', async () => {
    const { events } = await traced((trace) => {
      const run = new FakeRun('r1');
      trace.runStarted(run);
      run.ms += 0.25;
      trace.nodeStarted(run, call(1, 'a'));
      trace.emitted(run, call(1, 'a'));
      run.ms += 1.5;
      trace.nodeEnded(run, call(1, 'a'), 'ok');
      trace.captured(run, 'a');
      trace.runEnded(run, 'completed');
    });
    expect(events).toEqual([
      { name: 'process_name', ph: 'M', pid: 1, tid: 0, args: { name: 'orders r1' } },
      { name: 'thread_name', ph: 'M', pid: 1, tid: 0, args: { name: 'run' } },
      { name: 'thread_name', ph: 'M', pid: 1, tid: 1, args: { name: 'a' } },
      {
        name: 'a',
        cat: 'node',
        ph: 'X',
        ts: 250,
        dur: 1500,
        pid: 1,
        tid: 1,
        args: { seq: 1, attempt: 1, outcome: 'ok', emitted: 1 },
      },
      {
        name: 'captured',
        cat: 'event',
        ph: 'i',
        s: 'p',
        ts: 1750,
        pid: 1,
        tid: 0,
        args: { alias: 'a' },
      },
      {
        name: 'orders',
        cat: 'run',
        ph: 'X',
        ts: 0,
        dur: 1750,
        pid: 1,
        tid: 0,
        args: { status: 'completed' },
      },
    ]);
  });

  it('puts what overlaps on rows of its own, and runs in processes of their own', async () => {
    const { events } = await traced((trace) => {
      const [r1, r2] = [new FakeRun('r1'), new FakeRun('r2')];
      trace.runStarted(r1);
      trace.runStarted(r2);
      trace.nodeStarted(r1, call(1, 'a'));
      trace.nodeStarted(r1, call(2, 'a'));
      trace.nodeStarted(r2, call(1, 'a'));
      trace.nodeEnded(r1, call(1, 'a'), 'ok');
      trace.nodeStarted(r1, call(3, 'a', 2));
      trace.nodeEnded(r1, call(3, 'a', 2), 'failed');
      trace.nodeEnded(r1, call(2, 'a'), 'timeout');
      trace.nodeEnded(r2, call(1, 'a'), 'cancelled');
    });
    const rows = events.filter((e) => e['cat'] === 'node').map((e) => [e['pid'], e['tid']]);
    expect(rows).toEqual([
      [1, 1],
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it('writes the other events as instants and edges as counters', async () => {
    const script = (trace: ChromeTrace) => {
      const run = new FakeRun('r1');
      trace.edgeDepth?.(run, edge, 3);
      trace.dropped(run, 'b', 'late');
      trace.spilled(run, edge);
      trace.retried(run, call(1, 'a', 2), 100);
      trace.waiting(run, 'approval', 'k1');
      trace.resumed(run, 'approval', 'k1');
      trace.checkpoint(run, 'c1', 'a');
      trace.compensated(run, { alias: 'a' } as NodePlan, true);
      trace.cacheHit(run, 'a', 5);
    };
    const seen = (list: Record<string, unknown>[]) =>
      list.filter((e) => e['ph'] !== 'M').map((e) => [e['ph'], e['name'], e['args']]);
    const instants = [
      ['i', 'dropped', { alias: 'b', reason: 'late' }],
      ['i', 'spilled', { edge: 'a->b' }],
      ['i', 'retried', { alias: 'a', attempt: 2, delay_ms: 100 }],
      ['i', 'waiting', { checkpoint: 'approval', key: 'k1' }],
      ['i', 'resumed', { checkpoint: 'approval', key: 'k1' }],
      ['i', 'checkpoint', { checkpoint: 'c1', alias: 'a' }],
      ['i', 'compensated', { alias: 'a', ok: true }],
      ['i', 'cache_hit', { alias: 'a' }],
    ];
    expect(seen((await traced(script)).events)).toEqual([
      ['C', 'queue a->b', { depth: 3 }],
      ...instants,
    ]);
    expect(seen((await traced(script, { queues: false })).events)).toEqual(instants);
  });

  it('gives the same bytes for the same events', async () => {
    const script = (trace: ChromeTrace) => {
      const run = new FakeRun('r1');
      for (let seq = 1; seq < 50; seq += 1) {
        run.ms += 0.1;
        trace.nodeStarted(run, call(seq, `n${seq % 7}`));
        if (seq % 3 === 0) trace.nodeEnded(run, call(seq - 1, ''), 'ok');
      }
    };
    expect((await traced(script)).text).toBe((await traced(script, { chunkChars: 10 })).text);
  });

  it('ignores the end of what it did not see begin', async () => {
    const { events } = await traced((trace) => {
      trace.nodeEnded(new FakeRun('r1'), call(9, 'a'), 'ok');
      trace.emitted(new FakeRun('r1'), call(9, 'a'));
    });
    expect(events.map((e) => e['name'])).toEqual(['process_name', 'thread_name']);
  });

  it('says in the file how much is missing', async () => {
    let text = '';
    const write = (part: string) => {
      text += part;
      return new Promise<void>((resolve) => setImmediate(resolve));
    };
    const trace = new ChromeTrace({ write }, { chunkChars: 1, maxPendingChars: 100 });
    const run = new FakeRun('r1');
    trace.runStarted(run);
    for (let i = 0; i < 10; i += 1) trace.captured(run, 'a');
    await trace.close();
    const events = JSON.parse(text) as { name: string; args: object }[];
    const kept = events.filter((e) => e.name === 'captured').length;
    expect(kept).toBeLessThan(10);
    expect(events.at(-1)).toEqual({
      name: 'trace_incomplete',
      ph: 'M',
      pid: 0,
      tid: 0,
      args: { dropped: 10 - kept },
    });
  });
});
