import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import { MAX_UNAWAITED_EMITS } from './invocation.js';
import { startRun } from './run.js';
import {
  bundleOf,
  gather,
  pass,
  type NodeFixture,
  type SurfaceFixture,
} from '../testing/flow-fixture.js';

const deterministic = { seed: 1 };
const retry = {
  max_attempts: 3,
  backoff_ms: 100,
  multiplier: 2,
  max_backoff_ms: 1000,
  jitter: 'none',
  owner: 'orchestrator',
} as const;

/** in -> work -> out, and errors to `caught`. */
const flow = (work: NodeFixture, surfaces: SurfaceFixture[] = [], edge: object = {}) =>
  compilePlan(
    bundleOf({
      nodes: { in: pass, work, out: pass, caught: pass },
      edges: [
        { edge: 'in -> work', ...edge },
        'work -> out',
        ...(surfaces.length > 0 ? ['work -> caught', 'caught -> out'] : []),
      ],
      surfaces,
    }),
  );

const resultOf = (
  plan: ReturnType<typeof flow>,
  payload: Value = 1,
  host: object = { deterministic },
) => startRun(plan, { payload, capture: 'out' }, host).result;

/** Fails until its n-th attempt. */
function flaky(succeedsAt: number, seen: unknown[] = []): NodeHandler {
  return (input: number, context) => {
    seen.push([context.attempt, context.clock.now()]);
    if (context.attempt < succeedsAt) throw new Error(`attempt ${context.attempt}`);
    return input * 100;
  };
}

describe('retries', () => {
  it('are made by the orchestrator, with backoff', async () => {
    const seen: unknown[] = [];
    const result = await resultOf(flow({ run: flaky(3, seen), retry }));
    expect(result).toMatchObject({ status: 'completed', output: 100, diagnostics: [] });
    expect(seen).toEqual([
      [1, 0],
      [2, 100],
      [3, 300],
    ]);
    expect(result.summary.errors).toEqual([
      { alias: 'work', error_kind: 'handler_error', count: 2 },
    ]);
    expect(result.summary.nodes.map(({ invocations }) => invocations)).toEqual([1, 1, 1]);
  });

  it('end with the last attempt', async () => {
    const result = await resultOf(flow({ run: flaky(9), retry }));
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      'Node work failed on attempt 3: attempt 3',
    ]);
  });

  it('are left to a connector that owns them', async () => {
    const seen: unknown[] = [];
    await resultOf(flow({ run: flaky(9, seen), retry: { ...retry, owner: 'connector' } }));
    expect(seen).toHaveLength(1);
  });

  it('are not made for a message that is delivered at most once', async () => {
    const seen: unknown[] = [];
    const plan = flow({ run: flaky(2, seen), retry }, [], { delivery: 'at_most_once' });
    expect((await resultOf(plan)).status).toBe('failed');
    expect(seen).toHaveLength(1);
  });

  it('are not made once something has been sent', async () => {
    let attempts = 0;
    const work = async (_: Value, { emit }: NodeContext) => {
      attempts += 1;
      await emit(1);
      throw new Error('late');
    };
    expect((await resultOf(flow({ run: work, retry }))).status).toBe('failed');
    expect(attempts).toBe(1);
  });

  it('come from an error handler with the strategy retry', async () => {
    const surface: SurfaceFixture = [
      'error_handler',
      { scope: { nodes: ['work'] }, strategy: 'retry', max_retries: 1, handler: 'caught' },
    ];
    expect((await resultOf(flow(flaky(2), [surface]))).output).toBe(100);
    expect((await resultOf(flow(flaky(3), [surface]))).output).toEqual({
      error: { code: 'RUN101', message: 'attempt 2', node: 'work', attempt: 2 },
      input: 1,
    });
  });
});

describe('error handlers', () => {
  const handler = (config: object): SurfaceFixture => [
    'error_handler',
    { scope: { nodes: ['work'] }, ...config },
  ];

  it('get the error and the input', async () => {
    const plan = flow(flaky(9), [handler({ strategy: 'continue', handler: 'caught' })]);
    const result = await resultOf(plan, 7);
    expect(result.status).toBe('completed');
    expect(result.output).toEqual({
      error: { code: 'RUN101', message: 'attempt 1', node: 'work', attempt: 1 },
      input: 7,
    });
  });

  it('may drop the message', async () => {
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: async function* () {
            yield* [1, 2, 3];
          },
          work: (n: number) => {
            if (n === 2) throw new Error('two');
            return n;
          },
        },
        edges: ['in -> work'],
        surfaces: [handler({ strategy: 'continue' })],
      }),
    );
    const run = startRun(plan, { payload: null, mode: 'stream' });
    expect(await gather(run.outputs())).toEqual([1, 3]);
    expect(run.stats().dropped).toBe(1);
  });

  it('cannot have a handler for failures that are final', () => {
    expect(() => flow(flaky(9), [handler({ strategy: 'fail', handler: 'caught' })])).toThrow(
      'RUN118',
    );
  });
});

describe('timeouts', () => {
  const hang = () => new Promise<never>(() => undefined);

  it('do not wait for a handler that ignores its signal', async () => {
    const result = await resultOf(flow({ run: hang, timeout_ms: 50 }), 1, { graceMs: 60_000 });
    expect(result.status).toBe('failed');
    expect(result.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['TIME015', 'Node work, attempt 1, took longer than its limit of 50 ms.'],
    ]);
  });

  it('count per attempt', async () => {
    const work: NodeHandler = ({}, { attempt, signal }) =>
      attempt < 3
        ? new Promise((_, no) => signal.addEventListener('abort', () => no(signal.reason)))
        : 5;
    const result = await resultOf(flow({ run: work, timeout_ms: 50, retry }), {});
    expect(result.output).toBe(5);
    expect(result.summary.errors).toEqual([{ alias: 'work', error_kind: 'timeout', count: 2 }]);
  });

  it('send to the handler of their surface', async () => {
    const surface: SurfaceFixture = [
      'timeout',
      { nodes: ['work'], timeout_ms: 20, handler: 'caught' },
    ];
    const result = await resultOf(flow(hang, [surface]), 3);
    expect(result.output).toEqual({
      error: {
        code: 'TIME015',
        message: 'Node work, attempt 1, took longer than its limit of 20 ms.',
        node: 'work',
        attempt: 1,
      },
      input: 3,
    });
  });

  it('ignore what comes after them', async () => {
    const seen: Value[] = [];
    const work: NodeHandler = async (_, { clock, emit, attempt }) => {
      if (attempt === 1) await clock.sleep(100);
      await emit(attempt);
      return undefined;
    };
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: pass,
          work: { run: work, timeout_ms: 50, retry: { ...retry, backoff_ms: 10 } },
          out: (n: number) => void seen.push(n),
          hold: (_: Value, { clock }: NodeContext) => clock.sleep(500).then(() => 1),
        },
        edges: ['in -> work', 'work -> out', 'in -> hold'],
      }),
    );
    await startRun(plan, { payload: 0, capture: 'hold' }, { deterministic }).result;
    expect(seen).toEqual([2]);
  });
});

describe('hostile handlers', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;

  it.each<[string, unknown, string]>([
    ['a function', () => 1, 'it is a function'],
    ['a symbol', Symbol('x'), 'it is a symbol'],
    ['a class instance', new Map(), 'it is an instance of Map'],
    ['a generator', (function* () {})(), 'it is an instance of'],
    ['undefined inside', { a: [undefined] }, 'at /a/0, it is undefined'],
    ['a cycle', cyclic, 'at /self, it contains itself'],
  ])('that return %s', async (_, bad, reason) => {
    for (const work of [() => bad, async () => bad]) {
      const result = await resultOf(flow(work as NodeHandler));
      expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN102']);
      expect(result.diagnostics[0]!.message).toContain(reason);
    }
  });

  it.each<[string, unknown, string]>([
    ['text', 'oops', 'oops was thrown, which is not an Error'],
    ['nothing', undefined, 'undefined was thrown, which is not an Error'],
    ['an object', { message: 'm' }, 'm'],
    [
      'something that cannot be printed',
      {
        get message() {
          throw new Error('no');
        },
      },
      'something was thrown that cannot be printed',
    ],
  ])('that throw %s', async (_, thrown, reason) => {
    const throwing: NodeHandler = () => {
      throw thrown;
    };
    const rejecting: NodeHandler = () => Promise.reject(thrown as Error);
    for (const work of [throwing, rejecting]) {
      const result = await resultOf(flow(work));
      expect(result.diagnostics.map(({ message }) => message)).toEqual([
        `Node work failed on attempt 1: ${reason}`,
      ]);
    }
  });

  it('that emit after their end', async () => {
    let emit!: NodeContext['emit'];
    const plan = compilePlan(
      bundleOf({
        nodes: {
          in: (n: Value, context: NodeContext) => {
            emit = context.emit;
            return n;
          },
          out: async (n: number) => {
            await emit(99);
            void emit(98);
            return n;
          },
        },
        edges: ['in -> out'],
      }),
    );
    const result = await startRun(plan, { payload: 1 }).result;
    expect(result.output).toBe(1);
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN103']);
    expect(result.summary.nodes.map(({ invocations }) => invocations)).toEqual([1, 1]);
  });

  it('that emit for ever without waiting', async () => {
    let emitted = 0;
    const work: NodeHandler = (_, { emit }) => {
      for (;;) {
        void emit(emitted);
        emitted += 1;
      }
    };
    const result = await resultOf(flow(work));
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN104']);
    expect(emitted).toBe(32 + MAX_UNAWAITED_EMITS);
  });

  it('that emit what is no value', async () => {
    const result = await resultOf(
      flow((_: Value, { emit }: NodeContext) => void emit((() => 1) as never)),
    );
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN102']);
  });

  it('whose stream throws, gives nonsense, or has a broken iterator', async () => {
    const streams: [string, () => unknown][] = [
      [
        'RUN101',
        async function* () {
          yield 1;
          throw new Error('mid');
        },
      ],
      [
        'RUN102',
        async function* () {
          yield new Date(0);
        },
      ],
      ['RUN101', () => ({ [Symbol.asyncIterator]: () => ({ next: () => 5 }) })],
      [
        'RUN101',
        () => ({
          [Symbol.asyncIterator]: () => {
            throw new Error('none');
          },
        }),
      ],
    ];
    for (const [code, work] of streams) {
      const result = await resultOf(flow(work as NodeHandler));
      expect(result.diagnostics.map((found) => found.code)).toEqual([code]);
    }
  });

  it('whose thenable misbehaves', async () => {
    const throws = {
      then: () => {
        throw new Error('then');
      },
    };
    const twice = {
      then: (yes: (n: number) => void) => {
        yes(1);
        yes(2);
      },
    };
    expect(
      (await resultOf(flow((() => throws) as unknown as NodeHandler))).diagnostics[0]!.message,
    ).toContain('then');
    expect((await resultOf(flow((() => twice) as unknown as NodeHandler))).output).toBe(1);
  });
});

describe('what is left behind', () => {
  const settle = async () => {
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  it('does not keep a loop of emits alive', async () => {
    let emitted = 0;
    const work: NodeHandler = async (_, { emit }) => {
      for (;;) {
        await emit(emitted);
        emitted += 1;
      }
    };
    const plan = compilePlan(
      bundleOf({
        nodes: { in: pass, work, out: () => undefined },
        edges: ['in -> work', 'work -> out'],
      }),
    );
    const run = startRun(plan, { payload: 1, mode: 'stream' });
    await settle();
    await run.cancel();
    const result = await run.result;
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN106']);
    const before = emitted;
    await settle();
    expect(emitted).toBe(before);
  });
});

describe('a flow that cannot move', () => {
  it('fails and names the full edges', async () => {
    const bundle = bundleOf({
      nodes: {
        in: pass,
        a: (n: number, { emit }: NodeContext) => {
          for (let i = 0; i < 5; i += 1) void emit(n);
        },
        b: pass,
      },
      edges: [
        'in -> a',
        { edge: 'a -> b', buffer: { max_items: 1 } },
        { edge: 'b -> a', buffer: { max_items: 1 } },
      ],
    });
    const result = await startRun(compilePlan(bundle), { payload: 1, capture: 'b' }).result;
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      'Nothing can move any more, but messages are left; full edges: a->b, b->a.',
    ]);
  });
});
