import { memoryKv } from '@basalt/capabilities';
import type { Determinism, Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { ExecPlan } from '../plan/exec-plan.js';
import type { NodeHandler } from '../node-handler.js';
import type { RunObserver } from '../observe/run-observer.js';
import type { HostOptions } from '../run/host-options.js';
import { startRun } from '../run/run.js';
import { bundleOf, chain, gather, pass } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';

const effect = { effects: 'effectful', determinism: 'nondeterministic' } as const;
const keyed = { ...effect, idempotency: { key: '/id' } };

/** load -> double (effectful) -> store (effectful): counts calls. */
function linear(calls: string[]) {
  const step =
    (name: string, then: (value: { id: number; n: number }) => Value): NodeHandler =>
    (value: { id: number; n: number }) => {
      calls.push(name);
      return then(value);
    };
  return compilePlan(
    bundleOf({
      nodes: {
        load: step('load', (v) => ({ ...v, n: v.n + 1 })),
        send: { run: step('send', (v) => ({ ...v, n: v.n * 2 })), ...keyed },
        store: { run: step('store', (v) => ({ ...v, n: v.n + 3 })), ...keyed },
      },
      edges: chain('load', 'send', 'store'),
    }),
  );
}

describe('a durable execution', () => {
  it('records what it does, one flush a step that changes something', async () => {
    const calls: string[] = [];
    const journal = new MemoryJournal();
    const run = startRun(linear(calls), { payload: { id: 1, n: 1 }, journal });
    expect(await run.result).toMatchObject({ status: 'completed', output: { id: 1, n: 7 } });
    expect(
      journal.records.map((record) => `${record.kind} ${'alias' in record ? record.alias : ''}`),
    ).toEqual([
      'result load',
      'attempt send',
      'result send',
      'attempt store',
      'result store',
      'ended ',
    ]);
    expect(journal.flushes).toBe(3);
  });

  it('goes on from any of its records', async () => {
    const journal = new MemoryJournal();
    await startRun(linear([]), { payload: { id: 1, n: 1 }, journal }).result;
    const calledAfter: string[][] = [];
    for (let cut = 0; cut <= journal.records.length; cut += 1) {
      const calls: string[] = [];
      const rest = journal.cutAt(cut);
      const run = startRun(linear(calls), { payload: { id: 1, n: 1 }, journal: rest });
      expect(await run.result).toMatchObject({ status: 'completed', output: { id: 1, n: 7 } });
      calledAfter.push(calls);
    }
    expect(calledAfter).toEqual([
      ['load', 'send', 'store'],
      ['send', 'store'],
      ['send', 'store'],
      ['store'],
      ['store'],
      [],
      [],
    ]);
  });

  it('stops without acting when the journal cannot be written', async () => {
    const calls: string[] = [];
    const journal = new MemoryJournal();
    journal.onFlush = () => {
      throw new Error('no space left');
    };
    const run = startRun(linear(calls), { payload: { id: 1, n: 1 }, journal });
    const result = await run.result;
    expect([result.status, result.output, calls]).toEqual(['interrupted', undefined, ['load']]);
    expect(result.diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'DUR101 The journal of the execution the-run cannot be written: no space left.',
    ]);
  });
});

describe('the end of a durable execution', () => {
  const flow = (cached?: () => Value) =>
    compilePlan(
      bundleOf({
        nodes: {
          begin: pass,
          end: { run: cached ?? pass, cache: { tier: 'memory', key: '' } },
        },
        edges: chain('begin', 'end'),
      }),
    );

  it('is none as long as it is not on disk', async () => {
    const journal = new MemoryJournal();
    journal.onFlush = () => {
      throw new Error('no space left');
    };
    const run = startRun(flow(), { payload: 1, journal });
    await expect(run.output).rejects.toThrow('no space left');
    const { status, output, diagnostics } = await run.result;
    expect([status, output, diagnostics.map(({ code }) => code)]).toEqual([
      'interrupted',
      undefined,
      ['DUR101'],
    ]);
    const failing = compilePlan(
      bundleOf({
        nodes: {
          begin: () => {
            throw new Error('no');
          },
        },
        edges: [],
      }),
    );
    const failed = await startRun(failing, { payload: 1, journal: journal.cutAt(0) }).result;
    expect(failed.status).toBe('failed');
    const lost = new MemoryJournal();
    lost.onFlush = journal.onFlush;
    expect(await startRun(failing, { payload: 1, journal: lost }).result).toMatchObject({
      status: 'interrupted',
      diagnostics: [{ code: 'DUR101' }, { code: 'RUN101' }],
    });
  });

  it('is recorded when the execution is cancelled', async () => {
    const hangs: NodeHandler = (_: Value, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const plan = compilePlan(bundleOf({ nodes: { begin: hangs }, edges: [] }));
    const journal = new MemoryJournal();
    const run = startRun(plan, { payload: 1, journal });
    await run.cancel('enough');
    expect(journal.records.map(({ kind }) => kind)).toEqual(['ended']);
    const again = await startRun(plan, { payload: 1, journal: journal.cutAt(1) }).result;
    expect([again.status, again.diagnostics.map(({ message }) => message)]).toEqual([
      'cancelled',
      ['The execution the-run was cancelled: enough.'],
    ]);
  });

  it('keeps what a cache gave', async () => {
    let calls = 0;
    const compute = () => (calls += 1);
    const host = {};
    const first = new MemoryJournal();
    const second = new MemoryJournal();
    await startRun(flow(compute), { payload: 1, journal: first }, host).result;
    const hit = await startRun(flow(compute), { payload: 1, journal: second }, host).result;
    const cut = second.cutAt(second.records.length - 1);
    const rest = await startRun(flow(compute), { payload: 1, journal: cut }, {}).result;
    expect([hit.output, rest.output, calls]).toEqual([1, 1, 1]);
  });
});

/** Executes until `stopAt` calls of `body` were begun, and gives the journal of then. */
async function crashAt(plan: (body: NodeHandler) => ExecPlan, payload: Value, host?: HostOptions) {
  const journal = new MemoryJournal();
  let called!: () => void;
  const atWork = new Promise<void>((resolve) => (called = resolve));
  const hangs: NodeHandler = () => {
    called();
    return new Promise<never>(() => undefined);
  };
  const run = startRun(plan(hangs), { payload, journal }, { graceMs: 0, ...host });
  await atWork;
  const rest = journal.cutAt(journal.records.length);
  await run.cancel();
  return rest;
}

describe('a durable execution after a restart', () => {
  const retry = {
    max_attempts: 3,
    backoff_ms: 1000,
    multiplier: 1,
    max_backoff_ms: 1000,
    jitter: 'none',
    owner: 'orchestrator',
  } as const;

  it('counts the attempts before it, and waits for what is left of their backoff', async () => {
    const attempts: number[] = [];
    const times: number[] = [];
    const fails: NodeHandler = (_: Value, context) => {
      attempts.push(context.attempt);
      times.push(context.clock.now());
      throw new Error('not yet');
    };
    const plan = compilePlan(
      bundleOf({
        nodes: { begin: pass, work: { run: fails, retry } },
        edges: chain('begin', 'work'),
      }),
    );
    const host = { deterministic: { seed: 1 } };
    const whole = new MemoryJournal();
    await startRun(plan, { payload: 1, journal: whole }, host).result;
    expect([attempts.splice(0), times.splice(0)]).toEqual([
      [1, 2, 3],
      [0, 1000, 2000],
    ]);
    const second = whole.records.findIndex((r) => r.kind === 'failure' && r.attempt === 2);
    const rest = await startRun(plan, { payload: 1, journal: whole.cutAt(second + 1) }, host)
      .result;
    expect([attempts, times, rest.status]).toEqual([[3], [2000], 'failed']);
    expect(rest.diagnostics.map(({ message }) => message)).toEqual([
      'Node work failed on attempt 3: not yet',
    ]);
  });

  it('fails as it failed before, without another call', async () => {
    let calls = 0;
    const fails: NodeHandler = () => {
      calls += 1;
      throw new Error('no');
    };
    const plan = compilePlan(
      bundleOf({
        nodes: { begin: pass, work: fails, caught: pass },
        edges: ['begin -> work', 'work -> caught'],
        surfaces: [
          [
            'error_handler',
            { scope: { nodes: ['work'] }, strategy: 'continue', handler: 'caught' },
          ],
        ],
      }),
    );
    const whole = new MemoryJournal();
    const invoke = { payload: 1, capture: 'caught' };
    const first = await startRun(plan, { ...invoke, journal: whole }).result;
    const cut = whole.records.findIndex(({ kind }) => kind === 'failure') + 1;
    const rest = await startRun(plan, { ...invoke, journal: whole.cutAt(cut) }).result;
    expect([calls, rest.output]).toEqual([1, first.output]);
    expect(rest.output).toMatchObject({ error: { message: 'no', node: 'work', attempt: 1 } });
  });

  it('keeps the results of equal items apart', async () => {
    let drawn = 0;
    const draw: NodeHandler = () => (drawn += 1);
    const plan = (last: NodeHandler) =>
      compilePlan(
        bundleOf({
          nodes: {
            begin: pass,
            draw: { run: draw, determinism: 'nondeterministic' },
            all: pass,
            last: { run: last, effects: 'effectful', idempotency: { key: '' } },
          },
          edges: chain('begin', 'draw', 'all', 'last'),
          surfaces: [
            [
              'for_each',
              {
                source: 'begin',
                items_pointer: '',
                body_entry: 'draw',
                body_exit: 'draw',
                collect: 'all',
                concurrency: 3,
                on_error: 'fail',
              },
            ],
          ],
        }),
      );
    const journal = await crashAt(plan, ['x', 'x', 'x']);
    // The disk has what it has in any order.
    const results = journal.records.filter((r) => r.kind === 'result' && r.alias === 'draw');
    const others = journal.records.filter((r) => !results.includes(r));
    const shuffled = new MemoryJournal([...results.reverse(), ...others]);
    const rest = await startRun(plan(pass), { payload: ['x', 'x', 'x'], journal: shuffled }).result;
    expect([rest.output, drawn]).toEqual([[1, 2, 3], 3]);
  });

  it('gives each invocation randomness of its own', async () => {
    const draw: NodeHandler = (_: Value, context) => context.random.next();
    const more: NodeHandler = (n: number, { capabilities }) => [n, capabilities.rng!.next()];
    const flow = () =>
      compilePlan(
        bundleOf({
          nodes: {
            begin: draw,
            more: { run: more, determinism: 'best_effort', determinismHints: ['resource::rng'] },
          },
          edges: chain('begin', 'more'),
        }),
      );
    const host = { deterministic: { seed: 3 } };
    const whole = new MemoryJournal();
    const first = await startRun(flow(), { payload: 1, journal: whole }, host).result;
    const rest = await startRun(flow(), { payload: 1, journal: whole.cutAt(1) }, host).result;
    expect(rest.output).toEqual(first.output);
  });

  it('shows observers what is taken from the journal', async () => {
    const whole = new MemoryJournal();
    await startRun(linear([]), { payload: { id: 1, n: 1 }, journal: whole }).result;
    const seen: string[] = [];
    const observer: RunObserver = {
      nodeStarted: (_, { alias, reused }) => seen.push(`${alias} ${reused}`),
      nodeEnded: (_, { alias, reused }, outcome) => seen.push(`${alias} ${reused} ${outcome}`),
    };
    const invoke = { payload: { id: 1, n: 1 }, journal: whole.cutAt(3) };
    await startRun(linear([]), invoke, { observer }).result;
    expect(seen).toEqual([
      'load true',
      'load true ok',
      'send true',
      'send true ok',
      'store false',
      'store false ok',
    ]);
  });

  it('counts its deadline from its first start', async () => {
    let calls = 0;
    const plan = compilePlan(bundleOf({ nodes: { begin: () => (calls += 1) }, edges: [] }));
    const clock = { now: () => 5000, sleep: () => new Promise<void>(() => undefined) };
    const late = await startRun(
      plan,
      { payload: 1, deadlineMs: 4000, journal: new MemoryJournal() },
      { clock },
    ).result;
    expect([late.status, calls, late.diagnostics.map(({ code }) => code)]).toEqual([
      'failed',
      0,
      ['TIME015'],
    ]);
    const early = await startRun(
      plan,
      { payload: 1, deadlineMs: 6000, journal: new MemoryJournal() },
      { clock },
    ).result;
    expect([early.status, calls]).toEqual(['completed', 1]);
  });

  it('is not over because it cannot go on here', async () => {
    const plan = compilePlan(
      bundleOf({
        nodes: {
          begin: pass,
          read: { run: pass, effects: 'read_only', effectHints: ['resource::kv::read'] },
        },
        edges: chain('begin', 'read'),
      }),
    );
    const capabilities = { kv: memoryKv() };
    const whole = new MemoryJournal();
    await startRun(plan, { payload: 1, journal: whole }, { capabilities }).result;
    const journal = whole.cutAt(1);
    expect((await startRun(plan, { payload: 1, journal }).result).status).toBe('interrupted');
    const there = await startRun(plan, { payload: 1, journal: journal.cutAt(1) }, { capabilities });
    expect((await there.result).status).toBe('completed');
  });
});

describe('a durable stream', () => {
  const flow = (items: readonly number[], determinism: Determinism) =>
    compilePlan(
      bundleOf({
        nodes: {
          begin: pass,
          items: {
            run: async function* () {
              yield* items;
            } as never,
            determinism,
          },
          end: pass,
        },
        edges: chain('begin', 'items', 'end'),
      }),
    );

  /** The journal of an execution of 1, 2, 3 of which two items and no result were on disk. */
  async function twoOfThree(determinism: Determinism): Promise<MemoryJournal> {
    const journal = new MemoryJournal();
    const run = startRun(flow([1, 2, 3], determinism), { payload: null, journal, mode: 'stream' });
    await gather(run.outputs());
    return journal.cutAt(journal.records.findIndex((r) => r.kind === 'emitted' && r.index === 2));
  }

  async function goOn(journal: MemoryJournal, items: readonly number[], determinism: Determinism) {
    const invoke = { payload: null, journal, mode: 'stream' } as const;
    const run = startRun(flow(items, determinism), invoke);
    const outputs: unknown[] = [];
    try {
      for await (const value of run.outputs()) outputs.push(value);
    } catch {
      // The result says it.
    }
    const { status, diagnostics } = await run.result;
    return [status, outputs, diagnostics.map(({ code }) => code)];
  }

  it('gives again what was sent, and sends what was not', async () => {
    expect(await goOn(await twoOfThree('strict'), [1, 2, 3], 'strict')).toEqual([
      'completed',
      [1, 2, 3],
      [],
    ]);
  });

  it('keeps what was sent by a node that gives something else now', async () => {
    const went = await goOn(await twoOfThree('best_effort'), [7, 8, 9], 'best_effort');
    expect(went).toEqual(['completed', [1, 2, 9], []]);
    const fewer = await goOn(await twoOfThree('best_effort'), [7], 'best_effort');
    expect(fewer).toEqual(['completed', [1, 2], []]);
  });

  it('stops where a strict node gives something else now (DUR105)', async () => {
    const [status, , codes] = await goOn(await twoOfThree('strict'), [1, 7, 3], 'strict');
    expect([status, codes]).toEqual(['interrupted', ['DUR105']]);
    const [fewer, , why] = await goOn(await twoOfThree('strict'), [1], 'strict');
    expect([fewer, why]).toEqual(['interrupted', ['DUR105']]);
  });

  it('lets no output go that a crash could undo', async () => {
    const journal = new MemoryJournal();
    journal.onFlush = () => {
      throw new Error('no space left');
    };
    expect(await goOn(journal, [1, 2, 3], 'strict')).toEqual(['interrupted', [], ['DUR101']]);
    const first = startRun(flow([1], 'strict'), { payload: null, journal, returnEarly: true });
    await expect(first.output).rejects.toThrow('no space left');
  });
});
