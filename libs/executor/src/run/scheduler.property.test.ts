// The promises of the scheduler, for random flows: nothing is lost or doubled, order is kept where it
// is declared, no bound is exceeded, and an execution ends, whether it completes, fails or is cancelled.
import { systemClock, type Clock } from '@basalt/capabilities';
import { normalizeFlow, type Value } from '@basalt/ir';
import fc from 'fast-check';
import {
  documentOf,
  expectedPaths,
  handlersOf,
  hashOf,
  nodeInput,
  randomFlow,
  SINK,
  SOURCE,
  type Hop,
  type RandomFlow,
} from '../../test/random-flow.js';
import { overtakings, RunRecorder } from '../../test/run-recorder.js';
import { ChromeTrace } from '../observe/chrome-trace.js';
import { compilePlan } from '../plan/compile-plan.js';
import type { HostOptions } from './host-options.js';
import type { NodeHandler } from '../node-handler.js';
import { startRun } from './run.js';

const compiled = (flow: RandomFlow) =>
  compilePlan({ ir: normalizeFlow(documentOf(flow)), handlers: handlersOf(flow) });

/** Fails loudly instead of waiting for ever. */
async function ends<T>(work: Promise<T>): Promise<T> {
  let timer!: NodeJS.Timeout;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the execution hangs')), 10_000);
  });
  try {
    return await Promise.race([work, hang]);
  } finally {
    clearTimeout(timer);
  }
}

/** Streams everything that reaches the end. */
async function drained(flow: RandomFlow, host: HostOptions, slowEvery = Infinity) {
  const recorder = new RunRecorder(flow);
  const invoke = { payload: null, mode: 'stream' } as const;
  const run = startRun(compiled(flow), invoke, { ...host, observer: recorder });
  const paths: string[] = [];
  for await (const hop of run.outputs()) {
    paths.push(`${(hop as Hop).path}>${SINK}`);
    if (paths.length % slowEvery === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { recorder, paths, result: await run.result };
}

async function checkPromises(flow: RandomFlow, host: HostOptions, slowEvery?: number) {
  const { recorder, paths, result } = await ends(drained(flow, host, slowEvery));
  expect(result.diagnostics).toEqual([]);
  expect(result.status).toBe('completed');
  expect(paths.sort()).toEqual(expectedPaths(flow));
  expect(recorder.faults).toEqual([]);
  expect(overtakings(flow, recorder.starts)).toEqual([]);
  expect(recorder.active).toBe(0);
}

/** The system's clock, and how many waits on it are pending. */
function countingClock() {
  const system = systemClock();
  const waits = { pending: 0 };
  const clock: Clock = {
    now: () => system.now(),
    async sleep(ms, signal) {
      waits.pending += 1;
      try {
        await system.sleep(ms, signal);
      } finally {
        waits.pending -= 1;
      }
    },
  };
  return { clock, waits };
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** How many attempts of this message fail: mostly none, at times for good. */
const failures = (alias: string, path: string) =>
  alias === SOURCE || alias === SINK ? 0 : Math.max(0, hashOf(`${alias}!${path}`, 8) - 4);

/** Handlers that fail before they put anything out, and a count of all attempts. */
function failing(flow: RandomFlow) {
  const attempts = new Map<string, number>();
  const handlers = new Map<string, NodeHandler>();
  for (const [alias, handler] of handlersOf(flow)) {
    handlers.set(alias, (hop: Hop | null, context) => {
      const path = `${hop?.path ?? ''}>${alias}`;
      attempts.set(path, (attempts.get(path) ?? 0) + 1);
      if (context.attempt <= failures(alias, path)) throw new Error(`failure of ${path}`);
      return handler(hop, context);
    });
  }
  return { attempts, handlers };
}

const dropsBeyond = (maxAttempts: number) => (alias: string, path: string) =>
  failures(alias, path) >= maxAttempts;

const retry = (max_attempts: number) => () => ({ retry: { max_attempts, backoff_ms: 2 } });

describe('an execution that completes', () => {
  it('loses nothing, doubles nothing, and keeps order and bounds (virtual time)', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, fc.integer(), (flow, seed) =>
        checkPromises(flow, { deterministic: { seed } }),
      ),
      { numRuns: 150 },
    );
  });

  it('does so in real time, with a consumer that is slow now and then', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, fc.integer({ min: 1, max: 5 }), (flow, slowEvery) =>
        checkPromises(flow, {}, slowEvery),
      ),
      { numRuns: 25 },
    );
  });

  it('leaves no timer behind', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, async (flow) => {
        const { clock, waits } = countingClock();
        await checkPromises(flow, { clock });
        await turns(2);
        expect(waits.pending).toBe(0);
      }),
      { numRuns: 15 },
    );
  });
});

describe('a deterministic execution', () => {
  /** Trace and result of an execution whose nodes fail, wait with jitter and draw random numbers. */
  async function traceOf(flow: RandomFlow, seed: number): Promise<string> {
    let text = '';
    const trace = new ChromeTrace({ write: (part) => void (text += part) });
    const { handlers } = failing(flow);
    handlers.set(SINK, (hop: Hop, { random, clock }) => [hop, random.uuid(), clock.now()]);
    const ir = normalizeFlow(documentOf(flow, retry(4)));
    const host = { deterministic: { seed }, observer: trace };
    const { result } = startRun(compilePlan({ ir, handlers }), { payload: null }, host);
    text += JSON.stringify(await ends(result));
    await trace.close();
    return text;
  }

  it('gives the same bytes whatever else the process does', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, randomFlow, fc.integer(), async (flow, other, seed) => {
        const alone = await traceOf(flow, seed);
        const noise = [turns(50), traceOf(other, seed + 1), drained(other, {})];
        const among = traceOf(flow, seed);
        await turns(hashOf(String(seed), 5));
        const late = traceOf(flow, seed);
        expect(await among).toBe(alone);
        expect(await late).toBe(alone);
        expect(await traceOf(flow, seed + 1)).not.toBe(alone);
        await Promise.all(noise);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an execution that is cancelled', () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));

  async function cancelAt(flow: RandomFlow, moment: number, defer: (cancel: () => void) => void) {
    const { clock, waits } = countingClock();
    const cancel = new AbortController();
    const abort = () => cancel.abort(new Error('enough'));
    let events = 0;
    const recorder = new RunRecorder(flow, () => {
      events += 1;
      if (events === moment) defer(abort);
    });
    if (moment === 0) abort();
    const invoke = { payload: null, signal: cancel.signal };
    const run = startRun(compiled(flow), invoke, { clock, observer: recorder });
    const { status } = await ends(run.result);
    if (moment === 0) expect([status, events]).toEqual(['cancelled', 0]);
    expect([recorder.active, waits.pending, recorder.faults]).toEqual([0, 0, []]);
    await turns(3);
    expect(rejections).toEqual([]);
  }

  const moments = fc.tuple(randomFlow, fc.nat({ max: 200 }));

  it('leaves no handler, no timer and no rejection behind, wherever it is cancelled', async () => {
    await fc.assert(
      fc.asyncProperty(moments, ([flow, moment]) => cancelAt(flow, moment, queueMicrotask)),
      { numRuns: 80 },
    );
    await fc.assert(
      fc.asyncProperty(moments, ([flow, moment]) => cancelAt(flow, moment, setImmediate)),
      { numRuns: 40 },
    );
  });

  it('does so too when it is cancelled in the middle of a step', async () => {
    await fc.assert(
      fc.asyncProperty(moments, ([flow, moment]) => cancelAt(flow, moment, (abort) => abort())),
      { numRuns: 80 },
    );
  });

  it.each(['sync', 'async', 'emit', 'stream'] as const)(
    'does so at every single event of a small flow with a node of kind %s',
    async (behaviour) => {
      const node = { alias: 'n', behaviour, copies: 2, delayMs: 1, max: 2 };
      const edge = { capacity: 1, ordered: true, partitioned: false };
      const flow: RandomFlow = {
        items: 3,
        nodes: [
          { ...node, alias: SOURCE, behaviour: 'stream', copies: 3, max: 1 },
          node,
          { ...node, alias: SINK, behaviour: 'sync', copies: 1, max: 1 },
        ],
        edges: [
          { ...edge, from: SOURCE, to: 'n' },
          { ...edge, from: 'n', to: SINK },
        ],
      };
      for (let moment = 0; moment < 50; moment += 1) {
        await cancelAt(flow, moment, (abort) => abort());
      }
    },
  );

  it('is what a consumer that leaves early brings about', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, fc.integer({ min: 1, max: 5 }), async (flow, takes) => {
        const { clock, waits } = countingClock();
        const recorder = new RunRecorder(flow);
        const invoke = { payload: null, mode: 'stream' } as const;
        const run = startRun(compiled(flow), invoke, { clock, observer: recorder });
        let taken = 0;
        for await (const _ of run.outputs()) {
          taken += 1;
          if (taken === takes) break;
        }
        const { status } = await ends(run.result);
        const total = expectedPaths(flow).length;
        expect(taken).toBe(Math.min(takes, total));
        if (total < takes) expect(status).toBe('completed');
        expect([recorder.active, waits.pending, recorder.faults]).toEqual([0, 0, []]);
        await turns(3);
        expect(rejections).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an execution with failures', () => {
  it('tries again as often as it may, and goes on without what failed for good', async () => {
    const cases = fc.tuple(randomFlow, fc.integer({ min: 1, max: 4 }), fc.integer());
    await fc.assert(
      fc.asyncProperty(cases, async ([flow, maxAttempts, seed]) => {
        const doc = documentOf(flow, retry(maxAttempts));
        const nodes = flow.nodes.map(({ alias }) => alias);
        const surface = {
          id: 'errors',
          kind: 'error_handler' as const,
          targets: nodes,
          config: { v: 1, scope: { nodes }, strategy: 'continue' },
        };
        const { attempts, handlers } = failing(flow);
        const ir = normalizeFlow({ ...doc, control_surfaces: [surface] });
        const recorder = new RunRecorder(flow);
        const host = { deterministic: { seed }, observer: recorder };
        const run = startRun(
          compilePlan({ ir, handlers }),
          { payload: null, mode: 'stream' },
          host,
        );
        const paths: string[] = [];
        for await (const hop of run.outputs()) paths.push(`${(hop as Hop).path}>${SINK}`);
        const result = await ends(run.result);
        expect(result.status).toBe('completed');
        expect(paths.sort()).toEqual(expectedPaths(flow, dropsBeyond(maxAttempts)));
        for (const [path, count] of attempts) {
          const alias = path.slice(path.lastIndexOf('>') + 1);
          expect([path, count]).toEqual([path, Math.min(failures(alias, path) + 1, maxAttempts)]);
        }
        expect([recorder.faults, recorder.active]).toEqual([[], 0]);
        expect(overtakings(flow, recorder.starts)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('sends what failed for good to the error handler, each once', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, fc.integer(), async (flow, seed) => {
        const doc = documentOf(flow, retry(2));
        const nodes = flow.nodes.map(({ alias }) => alias).filter((alias) => alias !== SINK);
        const surface = {
          id: 'errors',
          kind: 'error_handler' as const,
          targets: nodes,
          config: { v: 1, scope: { nodes }, strategy: 'continue', handler: 'caught' },
        };
        const edges = nodes.map((from) => ({
          from,
          to: 'caught',
          delivery: 'at_least_once' as const,
          ordering: 'ordered' as const,
          buffer: { max_items: 2 },
        }));
        const { attempts, handlers } = failing(flow);
        const caught: string[] = [];
        handlers.set('caught', ({ error, input }: { error: { node: string }; input: Hop }) => {
          caught.push(`${input.path}>${error.node}`);
        });
        const ir = normalizeFlow({
          ...doc,
          nodes: [...doc.nodes, nodeInput(doc.id, 'caught')],
          edges: [...doc.edges!, ...edges],
          control_surfaces: [surface],
        });
        const plan = compilePlan({ ir, handlers });
        const invoke = { payload: null, mode: 'stream', capture: SINK } as const;
        const run = startRun(plan, invoke, { deterministic: { seed } });
        const paths: string[] = [];
        for await (const hop of run.outputs()) paths.push(`${(hop as Hop).path}>${SINK}`);
        expect((await ends(run.result)).status).toBe('completed');
        const lost = [...attempts.keys()].filter(
          (path) => failures(path.slice(path.lastIndexOf('>') + 1), path) >= 2,
        );
        expect(caught.sort()).toEqual(lost.sort());
        expect(paths.sort()).toEqual(expectedPaths(flow, dropsBeyond(2)));
      }),
      { numRuns: 40 },
    );
  });

  it('undoes what was completed in reverse order when it fails', async () => {
    const cases = fc.tuple(randomFlow, fc.integer({ min: 0, max: 15 }), fc.integer());
    await fc.assert(
      fc.asyncProperty(cases, async ([flow, failAt, seed]) => {
        const done: string[] = [];
        const undone: string[] = [];
        const handlers = handlersOf(flow);
        let reached = 0;
        handlers.set(SINK, (hop: Hop) => {
          reached += 1;
          if (reached > failAt) throw new Error('no further');
          return hop;
        });
        for (const { alias } of flow.nodes) {
          handlers.set(`undo:${alias}`, async ({ input }: { input: Hop | null }, context) => {
            await context.clock.sleep(hashOf(alias, 3));
            undone.push(`${input?.path ?? ''}>${alias}`);
          });
        }
        const compensation = ({ alias }: { alias: string }) => ({
          compensation: { identifier: `undo:${alias}` },
        });
        const ir = normalizeFlow(documentOf(flow, compensation));
        const observer = {
          nodeEnded(_: unknown, at: { alias: string; input: Value }, outcome: string) {
            if (outcome !== 'ok') return;
            done.push(`${(at.input as Hop | null)?.path ?? ''}>${at.alias}`);
          },
        };
        const host = { deterministic: { seed }, observer };
        const invoke = { payload: null, capture: SINK };
        const result = await ends(startRun(compilePlan({ ir, handlers }), invoke, host).result);
        const total = expectedPaths(flow).length;
        if (total > failAt) {
          expect(result.status).toBe('failed');
          expect(undone).toEqual(done.reverse());
        } else {
          expect(undone).toEqual(total === 0 ? done.reverse() : []);
        }
      }),
      { numRuns: 60 },
    );
  });
});
