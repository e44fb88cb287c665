import { createHash } from 'node:crypto';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFlowWorker } from '@basalt/queue';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { openKeptStores, type KeptStores } from '../testing/kept-stores.js';
import { post, send } from '../testing/raw-client.js';
import { prefersAsync } from './job-intake.js';

let stores: KeptStores;
beforeEach(async () => {
  stores = await openKeptStores();
});
afterEach(async () => {
  await closeServed();
  await stores.close();
});

const ASYNC = { prefer: 'respond-async' };

function kept() {
  const { journal, queue } = stores;
  return { journal, queue };
}

/** Does all jobs of the queue. */
async function workOff(flow: ReturnType<typeof hostedFlow>): Promise<void> {
  const { journal, queue } = stores;
  const worker = createFlowWorker({ backend: queue, journal, flows: [flow] });
  const isIdle = async () => {
    const { ready, delayed, active } = (await queue.status()).counts;
    return ready + delayed + active === 0;
  };
  while (!(await isIdle())) await new Promise((resolve) => setTimeout(resolve, 10));
  await worker.close();
}

describe('requests that become jobs', () => {
  it('answers 202 with the URL of the run, which tells the result', async () => {
    const flow = hostedFlow({ name: 'double', run: (n) => 2 * (n as number) });
    const { url } = await serve([flow], kept());
    const taken = await post(url, '/double', 21, ASYNC);
    const id = String(taken.headers['x-basalt-run-id']);
    const place = `/_runs/${id}`;
    expect([taken.status, taken.json()]).toEqual([
      202,
      { run_id: id, status: 'queued', url: place },
    ]);
    expect([taken.headers.location, taken.headers['preference-applied']]).toEqual([
      place,
      'respond-async',
    ]);
    const queued = await send(url, place);
    expect([queued.status, queued.headers['retry-after'], queued.json()]).toEqual([
      200,
      '1',
      { run_id: id, flow: 'double', status: 'queued', started_at: null, ended_at: null },
    ]);
    await workOff(flow);
    const done = await send(url, place);
    expect([done.headers['retry-after'], done.json()]).toEqual([
      undefined,
      {
        run_id: id,
        flow: 'double',
        status: 'completed',
        started_at: expect.any(Number),
        ended_at: expect.any(Number),
        output: 42,
      },
    ]);
  });

  it('executes what does not ask for it, unless all is enqueued', async () => {
    const flow = hostedFlow({ name: 'same' });
    const asked = await serve([flow], kept());
    expect((await post(asked.url, '/same', 1)).status).toBe(200);
    const always = await serve([flow], { ...kept(), enqueue: 'always' });
    const taken = await post(always.url, '/same', 1);
    expect([taken.status, taken.headers['preference-applied']]).toEqual([202, undefined]);
  });

  it('takes a key once, also from another host, and refuses another request with it', async () => {
    const flow = hostedFlow({ name: 'pay' });
    const [first, second] = [await serve([flow], kept()), await serve([flow], kept())];
    const keyed = { ...ASYNC, 'idempotency-key': 'k' };
    const taken = await post(first.url, '/pay', { a: 1 }, keyed);
    const again = await post(second.url, '/pay', { a: 1 }, keyed);
    expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([
      202,
      taken.text,
      'true',
    ]);
    const other = await post(second.url, '/pay', { a: 2 }, keyed);
    expect([other.status, other.json()]).toMatchObject([422, { code: 'HTTP130' }]);
    expect((await stores.queue.status()).totals.enqueued).toBe(1);
  });

  it('refuses a payload that does not fit, and one that is too large, without a job', async () => {
    const flow = hostedFlow({
      name: 'strict',
      triggerNode: { in_schema: { kind: 'named', name: 'N' } },
      more: { schemas: { N: { type: 'object', required: ['n'] } } },
    });
    const { url } = await serve([flow], { ...kept(), maxBodyBytes: 4_000_000 });
    expect((await post(url, '/strict', {}, ASYNC)).json()).toMatchObject({ code: 'RUN116' });
    const large = await post(url, '/strict', { n: 'x'.repeat(2_000_000) }, ASYNC);
    expect([large.status, large.json()]).toMatchObject([413, { code: 'QUE102' }]);
    expect((await stores.queue.status()).totals.enqueued).toBe(0);
  });

  it('tells a failure without its inside, and a run that is not there', async () => {
    const run = () => {
      throw new Error('the password is secret');
    };
    const flow = hostedFlow({ name: 'broken', run });
    const { url } = await serve([flow], kept());
    const id = 'by-hand';
    const { id: flowId, name: flowName } = flow.bundle.ir;
    await stores.queue.enqueue([
      { id, flow: flowId, flowName, payload: 1, maxAttempts: 1 },
      { id: 'gone', flow: flowId, flowName, payload: 1 },
    ]);
    await stores.queue.remove('gone');
    await workOff(flow);
    const failed = await send(url, `/_runs/${id}`);
    expect(failed.json()).toMatchObject({
      status: 'dead',
      error: { code: 'RUN101', error: 'The execution has failed.' },
    });
    expect(failed.text).not.toContain('secret');
    const unknown = async (id: string) => {
      const { status, json } = await send(url, `/_runs/${id}`);
      return [status, (json() as { code: string }).code];
    };
    for (const id of ['gone', 'nobody', encodeURIComponent('../../x'), '%00']) {
      expect(await unknown(id)).toEqual([404, 'HTTP160']);
    }
    expect((await unknown('x'.repeat(3_000)))[0]).toBe(400);
  });

  it('tells of a job that is retried that it has not ended', async () => {
    let calls = 0;
    const run = () => {
      calls += 1;
      if (calls > 1) return 'at last';
      throw new Error('not yet');
    };
    const flow = hostedFlow({ name: 'second', run });
    const { url } = await serve([flow], { ...kept(), exposeErrors: true });
    const { id: flowId, name: flowName } = flow.bundle.ir;
    const { journal, queue } = stores;
    const backoff = { baseMs: 600_000, factor: 1, maxMs: 600_000, jitter: 0 };
    await queue.enqueue([{ id: 'j', flow: flowId, flowName, payload: 1, maxAttempts: 2, backoff }]);
    const worker = createFlowWorker({ backend: queue, journal, flows: [flow] });
    while ((await queue.status()).counts.delayed === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await worker.close();
    const failed = await send(url, '/_runs/j');
    expect([failed.headers['retry-after'], failed.json()]).toEqual([
      '1',
      {
        run_id: 'j',
        flow: 'second',
        status: 'retrying',
        started_at: expect.any(Number),
        ended_at: null,
        error: { code: 'RUN101', error: expect.stringContaining('not yet') },
      },
    ]);
  });

  it('gives jobs the deadline that the host sets', async () => {
    const flow = hostedFlow({ name: 'timed', trigger: { deadline_ms: 7 } });
    const { url } = await serve([flow], { ...kept(), deadlineMs: 60_000 });
    const taken = await post(url, '/timed', 1, ASYNC);
    const found = await stores.queue.find(String(taken.headers['x-basalt-run-id']));
    expect(found?.job.deadlineMs).toBe(60_000);
    await workOff(flow);
    expect((await stores.journal.list()).runs.map(({ status }) => status)).toEqual(['completed']);
  });

  it('tells the end of a job whose workers died, though its run has none', async () => {
    const flow = hostedFlow({ name: 'deadly' });
    const { url } = await serve([flow], kept());
    const { journal, queue } = stores;
    const { ir } = flow.bundle;
    const { id: flowId, name: flowName, version } = ir;
    await queue.enqueue([{ id: 'j', flow: flowId, flowName, payload: 1 }]);
    const begun = await journal.create({
      runId: 'j',
      flow: { id: flowId, name: flowName, version },
      flowHash: 'h',
      flowDocument: ir as never,
      payload: 1,
      startedAt: 1,
    });
    await begun.close();
    const state = async () => (await send(url, '/_runs/j')).json() as Record<string, unknown>;
    expect(await state()).toMatchObject({ status: 'interrupted' });
    const reason = { code: 'QUE107', message: 'The worker ended.' };
    const worker = queue.work(async () => ({ kind: 'dead', reason }));
    while ((await queue.find('j'))?.state !== 'dead') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await worker.close();
    expect(await state()).toEqual({
      run_id: 'j',
      flow: 'deadly',
      status: 'dead',
      started_at: 1,
      ended_at: null,
      error: { code: 'QUE107', error: 'The execution has failed.' },
    });
  });

  it('shows a run to those who may see the runs of its flow', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'basalt-tokens-'));
    const tokenFile = join(folder, 'tokens.json');
    const token = (name: string, ...scopes: string[]) => {
      const sha256 = createHash('sha256').update(name).digest('hex');
      return { name, sha256, scopes };
    };
    const tokens = [token('runs', 'flow:mine:run'), token('views', 'flow:mine:view')];
    await writeFile(tokenFile, JSON.stringify({ tokens }));
    const { url } = await serve([hostedFlow({ name: 'mine' })], {
      ...kept(),
      security: { tokenFile },
    });
    const as = (name: string) => ({ authorization: `Bearer ${name}` });
    const taken = await post(url, '/mine', 1, { ...ASYNC, ...as('runs') });
    const place = String(taken.headers.location);
    const status = async (headers: Record<string, string>) =>
      (await send(url, place, { headers })).status;
    expect([await status({}), await status(as('runs')), await status(as('views'))]).toEqual([
      401, 404, 200,
    ]);
    await rm(folder, { recursive: true });
  });
});

it.each([
  [undefined, false],
  ['', false],
  ['respond-async', true],
  ['wait=10, Respond-Async', true],
  ['respond-async; foo="bar", wait=10', true],
  ['no-respond-async', false],
  [['wait=1', 'respond-async'], true],
])('reads Prefer: %j', (prefer, expected) => {
  expect(prefersAsync(prefer)).toBe(expected);
});
