// Jobs whose journal is at a Redis server that cannot be reached, or that comes back empty: the first wait
// without using an attempt, the second are not begun again in silence. The servers are real.
import { startCuttingProxy, startRedisServer, type RedisServer } from '@basalt/test-servers';
import { openRedisJournal } from '@basalt/journal';
import { openEmbeddedQueue } from '../embedded/embedded-queue.js';
import type { NewJob } from '../job.js';
import type { QueueBackend } from '../queue-backend.js';
import { gate, settled, until } from '../testing/queue-harness.js';
import { EFFECT, queuedFlow } from '../testing/queued-flows.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { createFlowWorker, type EndedDelivery } from './flow-worker.js';
import type { QueuedFlow } from './queued-flow.js';

let redis: RedisServer;
let backend: QueueBackend;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  redis = await startRedisServer();
  const folder = await temporaryFolder();
  ({ cleanUp } = folder);
  backend = await openEmbeddedQueue({ folder: folder.path, queue: 'flows' });
});

afterEach(async () => {
  await backend.close();
  await cleanUp();
  await redis.stop();
});

/** A chain of two effects that notes what it does, and waits in the first. */
function twoSteps(calls: string[], during: () => Promise<void>): QueuedFlow {
  return queuedFlow({
    name: 'two steps',
    nodes: ['first', 'second'].map((alias) => ({
      ...EFFECT,
      alias,
      run: async (input) => {
        calls.push(alias);
        if (alias === 'first') await during();
        return input;
      },
    })),
  });
}

function jobFor(flow: QueuedFlow, more: Partial<NewJob>): NewJob {
  const { id, name } = flow.bundle.ir;
  return { flow: id, flowName: name, payload: { id: 1 }, ...more };
}

async function restartEmpty(): Promise<void> {
  await redis.kill();
  await redis.start();
}

const wordOf = ({ outcome }: EndedDelivery) =>
  'reason' in outcome ? `${outcome.kind} ${outcome.reason.code}` : outcome.kind;

it('keeps a job whose journal cannot be reached, without using its one attempt', async () => {
  const proxy = await startCuttingProxy(redis.port);
  const journal = await openRedisJournal({
    url: `redis://127.0.0.1:${proxy.port}`,
    timeoutMs: 200,
  });
  const calls: string[] = [];
  let isCut = false;
  const flow = twoSteps(calls, async () => {
    if (!isCut) proxy.sever();
    isCut = true;
  });
  const ended: string[] = [];
  const onEnded = (delivery: EndedDelivery) => ended.push(wordOf(delivery));
  const worker = createFlowWorker({ backend, journal, flows: [flow], onEnded });
  await backend.enqueue([jobFor(flow, { id: 'a', maxAttempts: 1 })]);
  await until('the journal is missed', () => ended.length > 0);
  proxy.restore();
  await settled(backend, {}, { done: 1, dead: 0 });
  expect(new Set(ended.slice(0, -1))).toEqual(new Set(['retry CAP131']));
  expect(ended.at(-1)).toBe('done');
  expect(calls.at(-1)).toBe('second');
  await worker.close();
  await journal.close();
  await proxy.close();
});

it('does not begin a job again whose run was open in a journal that is gone', async () => {
  const journal = await openRedisJournal({ url: redis.url });
  const calls: string[] = [];
  const flow = twoSteps(calls, restartEmpty);
  const worker = createFlowWorker({ backend, journal, flows: [flow] });
  await backend.enqueue([jobFor(flow, { id: 'a' })]);
  await settled(backend, { dead: 1 }, { done: 0 });
  expect((await backend.dead.show('a'))?.reason.code).toBe('JRNL201');
  expect(calls).toEqual(['first']);
  await worker.close();
  await journal.close();
});

it('stops a run that waits in a journal that is gone, and puts its job aside', async () => {
  const journal = await openRedisJournal({ url: redis.url });
  const begun = gate();
  const flow = queuedFlow({
    name: 'long',
    nodes: [
      {
        alias: 'work',
        run: async (_input, { signal }) => {
          begun.open();
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          throw signal.reason;
        },
      },
    ],
  });
  const worker = createFlowWorker({ backend, journal, flows: [flow] });
  await backend.enqueue([jobFor(flow, { id: 'a' })]);
  await begun.opened;
  await restartEmpty();
  await settled(backend, { dead: 1 }, { done: 0 });
  expect((await backend.dead.show('a'))?.reason.code).toBe('JRNL201');
  await worker.close();
  await journal.close();
});

it('keeps jobs that nobody has begun for a worker that has opened the new store', async () => {
  const gone = await openRedisJournal({ url: redis.url });
  await restartEmpty();
  const calls: string[] = [];
  const flow = twoSteps(calls, async () => undefined);
  const ended: string[] = [];
  const onEnded = (delivery: EndedDelivery) => ended.push(wordOf(delivery));
  const old = createFlowWorker({ backend, journal: gone, flows: [flow], onEnded });
  await backend.enqueue([jobFor(flow, { id: 'a', maxAttempts: 1 })]);
  await until('it is given back', () => ended.length > 0);
  await old.close();
  expect(new Set(ended)).toEqual(new Set(['retry JRNL201']));
  expect(calls).toEqual([]);
  const journal = await openRedisJournal({ url: redis.url });
  const fresh = createFlowWorker({ backend, journal, flows: [flow] });
  await settled(backend, {}, { done: 1, dead: 0 });
  expect(calls).toEqual(['first', 'second']);
  await fresh.close();
  await Promise.all([gone, journal].map((store) => store.close()));
});
