// What operators do with a queue on a real Restate server: schedules, pauses, and jobs that kill their
// workers.
import { startRestateServer, type RestateServer } from '@basalt/test-servers';
import { randomUUID } from 'node:crypto';
import type { QueuedFlow } from '../flow-worker/queued-flow.js';
import type { NewJob } from '../job.js';
import type { QueueBackend, Schedule } from '../queue-backend.js';
import { AT_ONCE, gate, settled, until } from '../testing/queue-harness.js';
import { EFFECT, queuedFlow } from '../testing/queued-flows.js';
import { serveRestateFlows, type RestateFlows } from './restate-flows.js';
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
  queue = `operations ${randomUUID()}`;
  serving = [];
  backend = openRestateQueue({ queue, ...urls() });
});

afterEach(async () => {
  await backend.close();
  await Promise.all(serving.map((flows) => flows.close()));
});

const urls = () => ({ ingressUrl: restate.ingressUrl, adminUrl: restate.adminUrl });

async function serve(flow: QueuedFlow, port = 0): Promise<RestateFlows> {
  const listen = { host: '127.0.0.1', port };
  const served = await serveRestateFlows({ queue, ...urls(), flows: [flow], listen });
  serving.push(served);
  return served;
}

function jobFor(flow: QueuedFlow, given: Partial<NewJob> = {}): NewJob {
  const { id, name } = flow.bundle.ir;
  return { flow: id, flowName: name, payload: { id: 1 }, backoff: AT_ONCE, ...given };
}

/** Notes the runs that it executes. */
function notingFlow(runs: string[]): QueuedFlow {
  return queuedFlow({
    name: 'noting',
    nodes: [{ ...EFFECT, alias: 'work', run: (_input, { runId }) => runs.push(runId) }],
  });
}

describe('schedules', () => {
  it('make one job a tick, in the partition of their job', async () => {
    const runs: string[] = [];
    const flow = notingFlow(runs);
    await serve(flow);
    await backend.schedule({ id: 's', everyMs: 1_000, job: jobFor(flow, { partition: 'p' }) });
    await until('it has fired twice', () => runs.length >= 2);
    expect(await backend.unschedule('s')).toBe(true);
    expect(await backend.unschedule('s')).toBe(false);
    const ticks = runs.map((id) => Date.parse(id.slice('s@'.length)));
    expect(new Set(ticks).size).toBe(runs.length);
    expect(ticks.map((tick) => tick % 1_000)).toEqual(ticks.map(() => 0));
  });

  it('are listed, replaced, and outlive the server; a replaced one makes no jobs', async () => {
    const runs: string[] = [];
    const flow = notingFlow(runs);
    await serve(flow);
    const nightly: Schedule = {
      id: 'nightly/\u4e2d',
      cron: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      job: jobFor(flow, { payload: { id: 2n ** 70n } }),
    };
    await backend.schedule({ id: 's', everyMs: 1_000, job: jobFor(flow) });
    await backend.schedule({ id: 's', everyMs: 86_400_000, job: jobFor(flow) });
    await backend.schedule(nightly);
    const replacedAt = Date.now();
    await restate.kill();
    await restate.start();
    // A server that has just started answers queries before it has read all of its state.
    await until('both are there', async () => (await backend.schedules()).length === 2);
    const listed = [...(await backend.schedules())].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(listed).toEqual([nightly, { id: 's', everyMs: 86_400_000, job: jobFor(flow) }]);
    await backend.schedule({ id: 't', everyMs: 1_000, job: jobFor(flow) });
    await until('another has fired', () => runs.some((id) => id.startsWith('t@')));
    const late = runs.filter((id) => Date.parse(id.slice('s@'.length)) > replacedAt);
    expect(late.filter((id) => id.startsWith('s@'))).toEqual([]);
  });
});

it('begins no job while it is paused', async () => {
  const runs: string[] = [];
  const flow = notingFlow(runs);
  await serve(flow);
  const other = openRestateQueue({ queue, ...urls() });
  await other.pause();
  await other.pause();
  await backend.enqueue([jobFor(flow, { id: 'a' }), jobFor(flow, { id: 'b', partition: 'p' })]);
  await until('both wait', async () => (await backend.status()).counts.active === 2);
  expect([runs, (await backend.status()).paused]).toEqual([[], true]);
  await backend.unpause();
  await settled(backend, {}, { done: 2 });
  expect([[...runs].sort(), (await other.status()).paused]).toEqual([['a', 'b'], false]);
  await other.close();
});

it.each([
  { what: 'in an effect', effect: EFFECT },
  { what: 'in a pure node', effect: {} },
])('puts aside a job whose workers die $what, and goes on', async ({ effect }) => {
  const begun: string[] = [];
  let reached = gate();
  let heals = false;
  const flow = queuedFlow({
    name: 'deadly',
    nodes: [
      { ...EFFECT, alias: 'first', run: (input) => input },
      {
        ...effect,
        alias: 'work',
        run: async (input: { id: number }) => {
          begun.push(String(input.id));
          if (input.id === 2 || heals) return input;
          reached.open();
          return new Promise<never>(() => undefined);
        },
      },
    ],
  });
  await serve(flow);
  await backend.enqueue([jobFor(flow, { id: 'deadly', maxAttempts: 2, partition: 'p' })]);
  await backend.enqueue([jobFor(flow, { id: 'next', payload: { id: 2 }, partition: 'p' })]);
  for (let death = 1; death <= 2; death += 1) {
    await reached.opened;
    reached = gate();
    const dying = serving.at(-1)!;
    await dying.close();
    await serve(flow, Number(new URL(dying.url).port));
  }
  await settled(backend, { dead: 1 }, { done: 1, dead: 1 });
  expect(begun).toEqual(['1', '1', '2']);
  const letter = await backend.dead.show('deadly');
  expect([letter?.cause, letter?.attempts, letter?.reason.code, letter?.job?.payload]).toEqual([
    'poison',
    2,
    'QUE107',
    { id: 1 },
  ]);
  heals = true;
  expect(await backend.dead.replay(['deadly'])).toEqual(['deadly']);
  await settled(backend, {}, { done: 2 });
  expect(begun).toEqual(['1', '1', '2', '1']);
});
