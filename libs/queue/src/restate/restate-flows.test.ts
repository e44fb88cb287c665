// Flows on a real Restate server: steps that are not repeated, partitions, delays, retries, dead letters,
// workers and servers that die, and what is refused.
import { memoryDedupe } from '@basalt/capabilities';
import { startRestateServer, type RestateServer } from '@basalt/test-servers';
import { randomUUID } from 'node:crypto';
import type { QueuedFlow } from '../flow-worker/queued-flow.js';
import type { NewJob } from '../job.js';
import type { QueueBackend } from '../queue-backend.js';
import { AT_ONCE, codeOf, gate, settled, thrownCode, until } from '../testing/queue-harness.js';
import { EFFECT, queuedFlow } from '../testing/queued-flows.js';
import { restateClient } from './restate-client.js';
import { serveRestateFlows, type RestateFlows } from './restate-flows.js';
import { restateNames } from './restate-names.js';
import { openRestateQueue } from './restate-queue.js';

let restate: RestateServer;
let queue: string;
let backend: QueueBackend;
let serving: RestateFlows[];

beforeAll(async () => {
  restate = await startRestateServer();
});

afterAll(() => restate.stop());

beforeEach(() => {
  queue = `flows ${randomUUID()}`;
  serving = [];
  backend = openRestateQueue({ queue, ...urls() });
});

afterEach(async () => {
  await backend.close();
  await Promise.all(serving.map((flows) => flows.close()));
});

const urls = () => ({ ingressUrl: restate.ingressUrl, adminUrl: restate.adminUrl });

async function serve(flows: readonly QueuedFlow[], port = 0): Promise<RestateFlows> {
  const listen = { host: '127.0.0.1', port };
  const served = await serveRestateFlows({ queue, ...urls(), flows, listen });
  serving.push(served);
  return served;
}

function jobFor(flow: QueuedFlow, given: Partial<NewJob> = {}): NewJob {
  const { id, name } = flow.bundle.ir;
  return { flow: id, flowName: name, payload: { id: 1 }, backoff: AT_ONCE, ...given };
}

/** A chain of effects that notes each call. */
function ledgerFlow(ledger: string[], onCall: (call: string) => Promise<void> | void = () => {}) {
  return queuedFlow({
    name: 'ledger',
    nodes: ['one', 'two', 'three'].map((alias) => ({
      ...EFFECT,
      alias,
      run: async (input: { id: number }) => {
        const call = `${alias} ${input.id}`;
        ledger.push(call);
        await onCall(call);
        return input;
      },
    })),
  });
}

const callsOf = (id: number) => [`one ${id}`, `two ${id}`, `three ${id}`];

it('executes jobs once each, with values that JSON does not know', async () => {
  const seen: unknown[] = [];
  const flow = queuedFlow({
    name: 'values',
    nodes: [
      {
        ...EFFECT,
        alias: 'first',
        run: ({ id }) => ({ id, big: 2n ** 70n, bytes: Uint8Array.of(1, 255) }),
      },
      {
        ...EFFECT,
        alias: 'work',
        run: (input, { metadata }) => seen.push(input, metadata.labels['lf.job_id']!),
      },
    ],
  });
  await serve([flow]);
  expect(await backend.enqueue([jobFor(flow, { id: 'job 1/\u4e2d' })])).toEqual([
    { id: 'job 1/\u4e2d', duplicate: false },
  ]);
  await settled(backend, {}, { enqueued: 1, done: 1 });
  expect(seen).toEqual([{ id: 1, big: 2n ** 70n, bytes: Uint8Array.of(1, 255) }, 'job 1/\u4e2d']);
  expect(await backend.enqueue([jobFor(flow, { id: 'job 1/\u4e2d' })])).toEqual([
    { id: 'job 1/\u4e2d', duplicate: true },
  ]);
});

it('takes a dedupe key in once, and delivers no job before its time', async () => {
  const ledger: string[] = [];
  const flow = ledgerFlow(ledger);
  await serve([flow]);
  const notBefore = Date.now() + 700;
  const answers = await backend.enqueue([
    jobFor(flow, { id: 'a', dedupeKey: 'k', notBefore }),
    jobFor(flow, { id: 'b', dedupeKey: 'k' }),
    jobFor(flow, { id: 'far', notBefore: Date.now() + 3_600_000 }),
  ]);
  expect(answers).toEqual([
    { id: 'a', duplicate: false },
    { id: 'a', duplicate: true },
    { id: 'far', duplicate: false },
  ]);
  expect(await backend.remove('far')).toBe(true);
  await settled(backend, {}, { done: 1 });
  expect(Date.now()).toBeGreaterThanOrEqual(notBefore - 1);
  expect(ledger).toEqual(callsOf(1));
});

it('executes one job of a partition at a time, in order', async () => {
  const ledger: string[] = [];
  const flow = ledgerFlow(ledger, () => new Promise((resolve) => setTimeout(resolve, 3)));
  await serve([flow]);
  const jobs = Array.from({ length: 6 }, (_, id) =>
    jobFor(flow, { payload: { id }, partition: 'p' }),
  );
  await backend.enqueue(jobs);
  await settled(backend, {}, { done: 6 });
  expect(ledger).toEqual([0, 1, 2, 3, 4, 5].flatMap(callsOf));
});

it('tries again after a failure without repeating steps of that attempt, and buries what is used up', async () => {
  const calls: string[] = [];
  const flow = queuedFlow({
    name: 'flaky',
    nodes: [
      {
        ...EFFECT,
        alias: 'work',
        run: ({ id }: { id: number }, { runId }) => {
          calls.push(`${id} ${runId}`);
          if (id === 0 && runId.endsWith('~3')) return 'done';
          throw new Error('not now');
        },
      },
    ],
  });
  await serve([flow]);
  await backend.enqueue([
    jobFor(flow, { id: 'third', payload: { id: 0 } }),
    jobFor(flow, { id: 'never', payload: { id: 1 }, maxAttempts: 2 }),
    { ...jobFor(flow, { id: 'elsewhere' }), flow: 'unknown', notBefore: Date.now() + 60_000 },
  ]);
  await settled(backend, { dead: 1, delayed: 1 }, { done: 1, dead: 1 });
  expect(calls.sort()).toEqual(['0 third', '0 third~2', '0 third~3', '1 never', '1 never~2']);
  expect(await backend.dead.show('never')).toMatchObject({
    id: 'never',
    cause: 'exhausted',
    attempts: 2,
    job: { payload: { id: 1 } },
  });
  expect((await backend.find('never'))?.state).toBe('dead');
  calls.length = 0;
  expect(await backend.dead.replay(['never', 'unknown'])).toEqual(['never']);
  await settled(backend, { dead: 1, delayed: 1 });
  expect(calls.sort()).toEqual(['1 never', '1 never~2']);
  expect(await backend.dead.purge()).toBe(1);
  expect((await backend.dead.list()).total).toBe(0);
  expect(await backend.remove('elsewhere')).toBe(true);
});

it('goes on after its worker died, and calls nothing again whose result Restate has', async () => {
  const ledger: string[] = [];
  const reached = gate();
  let dies = true;
  const flow = ledgerFlow(ledger, async (call) => {
    if (call !== 'two 1' || !dies) return;
    reached.open();
    await new Promise<never>(() => undefined);
  });
  const first = await serve([flow]);
  await backend.enqueue([jobFor(flow, { id: 'a' })]);
  await reached.opened;
  dies = false;
  await first.close();
  await serve([flow], Number(new URL(first.url).port));
  await settled(backend, {}, { done: 1 });
  // The call under way has no result: it is made again, with its idempotency key.
  expect(ledger).toEqual(['one 1', 'two 1', 'two 1', 'three 1']);
});

it('goes on after the server died', async () => {
  const ledger: string[] = [];
  const flow = ledgerFlow(ledger);
  await serve([flow]);
  await backend.enqueue(
    Array.from({ length: 10 }, (_, id) => jobFor(flow, { id: `${id}`, payload: { id } })),
  );
  await until('something is done', () => ledger.length > 3);
  await restate.kill();
  await restate.start();
  await settled(backend, {}, { done: 10 });
  // Calls under way when the server died are made again; all are made.
  expect([...new Set(ledger)].sort()).toEqual(
    Array.from({ length: 10 }, (_, id) => callsOf(id))
      .flat()
      .sort(),
  );
});

it('executes steps of parallel branches in any order, the same in each replay', async () => {
  const ledger: string[] = [];
  let dies = true;
  const reached = gate();
  const branch = (alias: string, ms: number) => ({
    ...EFFECT,
    alias,
    run: async (input: { id: number }) => {
      ledger.push(alias);
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (alias === 'last' && dies) {
        reached.open();
        await new Promise<never>(() => undefined);
      }
      return input;
    },
  });
  const flow = queuedFlow({
    name: 'branches',
    nodes: [branch('a', 1), branch('b', 5), branch('c', 1), branch('d', 3), branch('last', 0)],
    more: {
      edges: [
        ['in', 'a'],
        ['in', 'b'],
        ['a', 'c'],
        ['b', 'd'],
        ['c', 'last'],
      ].map(([from, to]) => ({
        from: from!,
        to: to!,
        delivery: 'at_least_once',
        ordering: 'ordered',
        buffer: {},
      })),
    },
  });
  const first = await serve([flow]);
  await backend.enqueue([jobFor(flow, { id: 'a', capture: 'last' })]);
  await reached.opened;
  dies = false;
  await first.close();
  await serve([flow], Number(new URL(first.url).port));
  await settled(backend, {}, { done: 1 });
  for (const alias of ['a', 'b', 'c']) {
    expect([alias, ledger.filter((call) => call === alias)]).toEqual([alias, [alias]]);
  }
});

it('has an effect exactly once where the edge says so, over jobs', async () => {
  const effects: number[] = [];
  const flow = queuedFlow({
    name: 'exactly once',
    capabilities: { dedupe: memoryDedupe() },
    edge: { delivery: 'exactly_once' },
    nodes: [
      {
        ...EFFECT,
        alias: 'work',
        effectHints: ['resource::dedupe::write'],
        summary: 'Notes an id; the same id is noted once.',
        run: ({ id }: { id: number }) => {
          effects.push(id);
          return id;
        },
      },
    ],
  });
  await serve([flow]);
  await backend.enqueue([1, 2, 1].map((id, i) => jobFor(flow, { id: `${i}`, payload: { id } })));
  await until('all are over', async () => {
    const { counts, totals } = await backend.status();
    return counts.active + counts.ready + counts.delayed === 0 && totals.enqueued === 3;
  });
  expect(effects.sort()).toEqual([1, 2]);
  expect((await backend.status()).totals).toMatchObject({ done: 3, dead: 0 });
});

it('puts aside what is no job', async () => {
  await serve([ledgerFlow([])]);
  const client = restateClient({ queue, ...urls() });
  const { jobs } = restateNames(queue);
  for (const data of [null, 'text', { a: 1 }, { v: 2, job: {} }]) {
    await client.send(`${jobs}/deliver`, data);
  }
  await settled(backend, { dead: 4 });
  const { letters } = await backend.dead.list();
  expect(letters.map(({ cause, reason, job }) => [cause, reason.code, job])).toEqual(
    Array.from({ length: 4 }, () => ['malformed', 'QUE304', undefined]),
  );
  expect(await backend.dead.replay()).toEqual([]);
});

it('refuses what Restate cannot do, and says what it cannot reach', async () => {
  const flow = ledgerFlow([]);
  const waits = queuedFlow({
    name: 'waits',
    nodes: ['ask', 'decide'].map((alias) => ({ alias, run: (input) => input })),
    surfaces: [
      {
        id: 'await:work:0',
        kind: 'await',
        targets: ['ask', 'decide'],
        config: {
          v: 1,
          checkpoint_id: 'c',
          correlation_key: '/id',
          source: 'ask',
          target: 'decide',
        },
      },
    ],
    more: { checkpoints: [{ id: 'c' }] },
  });
  const sends = queuedFlow({
    name: 'sends',
    nodes: [
      {
        alias: 'send',
        effects: 'effectful',
        idempotency: { key: '/id' },
        run: (input) => input,
      },
    ],
    edge: { delivery: 'at_most_once' },
  });
  const off = { ingressUrl: 'http://127.0.0.1:1', adminUrl: 'http://127.0.0.1:1' };
  const nobody = openRestateQueue({ queue, ...off });
  const codes = [
    await codeOf(serve([waits])),
    await codeOf(serve([sends])),
    await codeOf(serveRestateFlows({ queue, ...off, flows: [flow] })),
    await codeOf(nobody.enqueue([jobFor(flow)])),
    await codeOf(nobody.status()),
    await codeOf(backend.enqueue([jobFor(flow)])),
    await codeOf(backend.enqueue([jobFor(flow, { priority: 1 })])),
    await codeOf(backend.enqueue([jobFor(flow, { priority: 1_000 })])),
    await codeOf(backend.pause()),
    await codeOf(nobody.schedules()),
    await codeOf(backend.schedule({ id: 's', everyMs: 1, job: jobFor(flow) })),
    await codeOf(backend.schedule({ id: 's', everyMs: 1_000, job: jobFor(flow, { priority: 1 }) })),
    await codeOf(backend.schedule({ id: 's', everyMs: 1_000, job: jobFor(flow) })),
    await codeOf(backend.resume('a')),
    thrownCode(() => backend.work(async () => ({ kind: 'done' }))),
    thrownCode(() => openRestateQueue({ queue: '', ...off })),
  ];
  expect(codes).toEqual([
    'QUE301',
    'QUE306',
    'QUE302',
    'QUE302',
    'QUE302',
    'QUE303',
    'QUE305',
    'QUE101',
    'QUE303',
    'QUE302',
    'QUE106',
    'QUE305',
    'QUE303',
    'QUE305',
    'QUE305',
    'QUE103',
  ]);
  await nobody.close();
  expect(await codeOf(nobody.status())).toBe('QUE104');
});
