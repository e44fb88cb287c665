import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext } from '../node-handler.js';
import { runFlow, startRun } from './run.js';
import { bundleOf, gather, pass, turns, type NodeFixture } from '../testing/flow-fixture.js';

const one = (work: NodeFixture, more: object = {}) =>
  compilePlan(bundleOf({ nodes: { in: pass, work }, edges: ['in -> work'], ...more }));
const findings = ({ diagnostics }: { diagnostics: readonly { code: string; message: string }[] }) =>
  diagnostics.map(({ code, message }) => `${code} ${message}`);
const untilAborted = ({ signal }: NodeContext) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('an execution without a result', () => {
  it('fails and says what ran', async () => {
    expect(
      findings(
        await startRun(
          one(() => undefined),
          { payload: 1 },
        ).result,
      ),
    ).toEqual([
      'RUN110 Nothing reached the capture work, and nothing more can: what ran was in, work.',
    ]);
  });

  it('completes where no result is asked for', async () => {
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: { run: pass, trigger: { kind: 'manual', respond: 'accepted' } },
          a: pass,
          b: pass,
        },
        edges: ['in -> a', 'in -> b'],
      }),
    );
    expect(await startRun(plan, { payload: 1 }).result).toMatchObject({
      status: 'completed',
      output: undefined,
    });
  });

  it('completes in stream mode', async () => {
    const run = startRun(
      one(() => undefined),
      { payload: 1, mode: 'stream' },
    );
    expect(await gather(run.outputs())).toEqual([]);
    expect((await run.result).status).toBe('completed');
  });
});

describe('the first capture', () => {
  const plan = (seen: string[]) =>
    compilePlan(
      bundleOf({
        nodes: {
          in: pass,
          fast: pass,
          slow: async (n: Value, { clock }: NodeContext) => {
            await clock.sleep(10);
            seen.push('slow');
            return n;
          },
        },
        edges: ['in -> fast', 'in -> slow'],
      }),
    );

  it('does not drop other work', async () => {
    const seen: string[] = [];
    const run = startRun(plan(seen), { payload: 1, capture: 'fast' });
    expect(await run.output).toBe(1);
    expect(seen).toEqual(['slow']);
  });

  it('may be given out early', async () => {
    const seen: string[] = [];
    const run = startRun(plan(seen), { payload: 1, capture: 'fast', returnEarly: true });
    expect(await run.output).toBe(1);
    expect(seen).toEqual([]);
    await run.result;
    expect(seen).toEqual(['slow']);
  });
});

describe('cancelling', () => {
  it('aborts handlers and waits for their clean-up', async () => {
    const seen: string[] = [];
    const plan = one(async (_: Value, context: NodeContext) => {
      try {
        await untilAborted(context);
      } finally {
        await turns(20);
        seen.push('cleaned');
      }
    });
    const run = startRun(plan, { payload: 1, runId: 'r1' });
    await turns(2);
    await run.cancel('enough');
    expect(seen).toEqual(['cleaned']);
    const result = await run.result;
    expect(result.status).toBe('cancelled');
    expect(findings(result)).toEqual(['RUN106 The execution r1 was cancelled: enough.']);
    await expect(run.output).rejects.toThrow('RUN106');
  });

  it('names handlers that do not stop within the grace', async () => {
    const run = startRun(
      one(() => new Promise<never>(() => undefined)),
      { payload: 1, runId: 'r2' },
      { graceMs: 5 },
    );
    await run.cancel();
    expect(findings(await run.result)).toEqual([
      'RUN106 The execution r2 was cancelled: its caller asked for it.',
      'RUN107 Nodes work were still busy 5 ms after they were told to stop, and were left alone.',
    ]);
  });

  it('comes with the signal of the invocation, also where it was aborted before', async () => {
    const stop = new AbortController();
    const run = startRun(
      one((_: Value, context: NodeContext) => untilAborted(context)),
      {
        payload: 1,
        runId: 'r3',
        signal: stop.signal,
      },
    );
    stop.abort(new Error('client left'));
    expect(findings(await run.result)).toEqual([
      'RUN106 The execution r3 was cancelled: client left.',
    ]);
    const late = startRun(one(pass), { payload: 1, runId: 'r4', signal: stop.signal });
    expect(await late.result).toMatchObject({ status: 'cancelled', summary: { nodes: [] } });
  });

  it('after the end changes nothing', async () => {
    const run = startRun(one(pass), { payload: 1 });
    await run.result;
    await run.cancel();
    expect((await run.result).status).toBe('completed');
  });

  it('from within a handler waits for that handler', async () => {
    const seen: string[] = [];
    const stop = new AbortController();
    const plan = one((n: Value) => {
      stop.abort('inside');
      seen.push('returned');
      return n;
    });
    const result = await startRun(plan, { payload: 1, signal: stop.signal }).result;
    expect([result.status, seen]).toEqual(['cancelled', ['returned']]);
  });

  it('runs the clean-up of streams', async () => {
    const seen: string[] = [];
    const plan = one(async function* () {
      try {
        for (let i = 0; ; i += 1) yield i;
      } finally {
        await turns(3);
        seen.push('closed');
      }
    });
    const run = startRun(plan, { payload: 1, mode: 'stream' });
    for await (const value of run.outputs()) if (value === 20) break;
    const result = await run.result;
    expect([result.status, seen]).toEqual(['cancelled', ['closed']]);
  });
});

describe('a deadline', () => {
  it('does not wait for a handler that ignores its signal', async () => {
    const run = startRun(
      one(() => new Promise<never>(() => undefined)),
      { payload: 1, deadlineMs: 10 },
      { graceMs: 60_000 },
    );
    expect(findings(await run.result)[0]).toBe(
      'TIME015 The execution took longer than its limit of 10 ms.',
    );
  });

  it('covers streams, and comes from the trigger or the flow', async () => {
    const endless = async function* () {
      for (let i = 0; ; i += 1) yield i;
    };
    const plan = one(endless, { more: { deadline_ms: 30 } });
    const run = startRun(plan, { payload: 1, mode: 'stream' });
    await expect(gather(run.outputs())).rejects.toThrow('TIME015');
  });
});

describe('compensation', () => {
  const saga = (undo: Record<string, (value: Value) => unknown>, fails = true) => ({
    nodes: {
      a: { run: (n: number) => n + 1, compensation: { identifier: 'undo_a' } },
      b: { run: (n: number) => n + 10, compensation: { identifier: 'undo_b' } },
      c: () => {
        if (fails) throw new Error('c is down');
        return 1;
      },
    },
    edges: ['a -> b', 'b -> c'],
    handlers: undo as never,
  });

  it('undoes completed nodes in reverse order', async () => {
    const seen: Value[] = [];
    const undo = (name: string) => (value: Value) => void seen.push([name, value]);
    const bundle = bundleOf(saga({ undo_a: undo('a'), undo_b: undo('b') }));
    const result = await startRun(compilePlan(bundle), { payload: 1 }).result;
    const error = { code: 'RUN101', message: 'Node c failed on attempt 1: c is down' };
    expect(result.status).toBe('failed');
    expect(seen).toEqual([
      ['b', { input: 2, output: 12, error }],
      ['a', { input: 1, output: 2, error }],
    ]);
  });

  it('is not done for what completes', async () => {
    const seen: Value[] = [];
    const undo = (value: Value) => void seen.push(value);
    expect(await runFlow(bundleOf(saga({ undo_a: undo, undo_b: undo }, false)), 1)).toBe(1);
    expect(seen).toEqual([]);
  });

  it('goes on where a compensator fails or hangs', async () => {
    const seen: string[] = [];
    const fixture = saga({
      undo_a: () => void seen.push('a'),
      undo_b: () => new Promise(() => undefined),
    });
    fixture.nodes.b.compensation = { identifier: 'undo_b', timeout_ms: 20 } as never;
    const result = await startRun(
      compilePlan(bundleOf(fixture)),
      { payload: 1 },
      { deterministic: { seed: 1 } },
    ).result;
    expect(seen).toEqual(['a']);
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN101', 'SAGA202']);
  });

  it('undoes what a subflow has completed', async () => {
    const seen: Value[] = [];
    const inner = bundleOf({
      nodes: { step: { run: (n: number) => n * 2, compensation: { identifier: 'undo' } } },
      edges: [],
    });
    const outer = bundleOf({
      nodes: {
        in: pass,
        sub: { run: pass, kind: 'subflow', subflow: 'inner' },
        last: () => {
          throw new Error('no');
        },
      },
      edges: ['in -> sub', 'sub -> last'],
      more: { subflows: { inner: inner.ir } },
      handlers: {
        step: inner.handlers.get('step')!,
        undo: (value) => void seen.push(value as Value),
      },
    });
    await startRun(compilePlan(outer), { payload: 4 }).result;
    expect(seen).toMatchObject([{ input: 4, output: 8 }]);
  });
});

describe('bad invocations', () => {
  const plan = compilePlan(
    bundleOf({
      nodes: {
        in: {
          run: pass,
          in_schema: { kind: 'named', name: 'In' },
          trigger: { kind: 'manual', max_payload_bytes: 20 },
        },
        a: pass,
        b: pass,
      },
      edges: ['in -> a', 'in -> b'],
      more: {
        schemas: {
          In: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
        },
      },
    }),
  );

  it.each<[object, string]>([
    [
      { payload: { n: 1 } },
      'RUN114 No node cannot be the capture of flow test: which output is the result is not said. It has a, b.',
    ],
    [
      { payload: { n: 1 }, capture: 'x' },
      'RUN114 x cannot be the capture of flow test: there is no such node. It has a, b.',
    ],
    [
      { payload: { n: 1 }, trigger: 'x' },
      'RUN113 x cannot be the trigger of flow test: there is no such node. It has in.',
    ],
    [
      { payload: { n: 1 }, trigger: 'a' },
      'RUN113 a cannot be the trigger of flow test: it gets its messages from other nodes. It has in.',
    ],
    [
      { payload: { n: () => 1 }, capture: 'a' },
      'RUN117 The payload is not a value: at /n, it is a function.',
    ],
    [
      { payload: { n: 1, m: 'x'.repeat(30) }, capture: 'a' },
      'RUN050 The payload of in holds 38 bytes, more than the limit of 20 bytes.',
    ],
  ])('%j', async (invoke, expected) => {
    const result = await startRun(plan, invoke as never).result;
    expect(result.status).toBe('failed');
    expect(findings(result)).toEqual([expected]);
  });

  it('refuses a payload that does not match the schema of the trigger', async () => {
    const result = await startRun(plan, { payload: { n: 'one' }, capture: 'a' }).result;
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN116']);
    expect(result.diagnostics[0]!.message).toContain('/n');
    const big = await startRun(plan, { payload: { n: 5n }, capture: 'a' }).result;
    expect(big.output).toEqual({ n: 5n });
  });

  it('lists every missing handler', () => {
    const bundle = bundleOf({ nodes: { a: pass, b: pass }, edges: ['a -> b'] });
    expect(() => compilePlan({ ir: bundle.ir, handlers: new Map() })).toThrow(
      'RUN115: Flow test has no handler for a of node a, b of node b.',
    );
  });
});
