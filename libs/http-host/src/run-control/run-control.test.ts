import { createFlowWorker } from '@basalt/queue';
import { awaitingFlow } from '../testing/awaiting-flow.js';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { openKeptStores, type KeptStores } from '../testing/kept-stores.js';
import { post, send } from '../testing/raw-client.js';

let stores: KeptStores;
beforeEach(async () => {
  stores = await openKeptStores();
});
afterEach(async () => {
  await closeServed();
  await stores.close();
});

const ASYNC = { prefer: 'respond-async' };
const YES = { checkpoint: 'approval', key: 'e-1', payload: { approved: true } };

async function stateAt(url: string, id: string) {
  return (await send(url, `/_runs/${id}`)).json() as Record<string, unknown>;
}

/** Asks until the run has come to this status; a test that hangs is ended by its time limit. */
async function untilStatus(url: string, id: string, status: string) {
  for (;;) {
    const state = await stateAt(url, id);
    if (state['status'] === status) return state;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function started(url: string, path: string, headers = {}): Promise<string> {
  const answer = await post(url, path, { id: 'e-1' }, headers);
  expect(answer.status).toBe(202);
  return String(answer.headers['x-basalt-run-id']);
}

const RESULT = { event: { approved: true }, input: { id: 'e-1' } };

describe('an event for a run', () => {
  it('lets a kept run go on, once', async () => {
    const { journal } = stores;
    const { url } = await serve([awaitingFlow('ask')], { journal });
    const id = await started(url, '/ask');
    expect(await untilStatus(url, id, 'waiting')).toMatchObject({
      waits_for: [{ checkpoint: 'approval', key: 'e-1' }],
    });
    const taken = await post(url, `/_runs/${id}/events`, { ...YES, id: 'a' });
    expect([taken.status, taken.json()]).toEqual([
      202,
      { run_id: id, event_id: 'a', repeated: false, taken_up_by: 'owner' },
    ]);
    const done = await untilStatus(url, id, 'completed');
    expect([done['output'], done['waits_for']]).toEqual([RESULT, undefined]);
    const late = await post(url, `/_runs/${id}/events`, YES);
    expect([late.status, late.json()]).toMatchObject([409, { code: 'JRNL003' }]);
  });

  it('is kept when it comes early, and is not taken in twice', async () => {
    const { journal } = stores;
    const { url } = await serve([awaitingFlow('ask')], { journal });
    const id = await started(url, '/ask');
    await untilStatus(url, id, 'waiting');
    const other = { ...YES, key: 'somebody else' };
    const path = `/_runs/${id}/events`;
    const first = await post(url, path, other, { 'x-event-id': 'one' });
    const second = await post(url, path, other, { 'idempotency-key': 'one' });
    expect([first.json(), second.json(), second.headers['idempotent-replayed']]).toMatchObject([
      { event_id: 'one', repeated: false },
      { event_id: 'one', repeated: true },
      'true',
    ]);
    expect((await stateAt(url, id))['status']).toBe('waiting');
  });

  it('wakes a job that is parked', async () => {
    const { journal, queue } = stores;
    const flow = awaitingFlow('ask');
    const { url } = await serve([flow], { journal, queue });
    const id = await started(url, '/ask', ASYNC);
    const early = await post(url, `/_runs/${id}/events`, YES);
    expect([early.status, early.headers['retry-after'], early.json()]).toMatchObject([
      409,
      '1',
      { code: 'HTTP163' },
    ]);
    const worker = createFlowWorker({ backend: queue, journal, flows: [flow] });
    while ((await queue.find(id))?.state !== 'parked') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect((await post(url, `/_runs/${id}/events`, YES)).json()).toMatchObject({
      taken_up_by: 'worker',
    });
    expect((await untilStatus(url, id, 'completed'))['output']).toEqual(RESULT);
    await worker.close();
  });

  it('takes up here a run that nobody executes', async () => {
    const { journal } = stores;
    const flow = awaitingFlow('ask');
    const first = await serve([flow], { journal });
    const second = await serve([flow], { journal });
    const id = await started(first.url, '/ask');
    await untilStatus(first.url, id, 'waiting');
    await first.host.close();
    const path = `/_runs/${id}/events`;
    expect((await post(second.url, path, YES)).json()).toMatchObject({ taken_up_by: 'host' });
    expect((await untilStatus(second.url, id, 'completed'))['output']).toEqual(RESULT);
  });

  it('keeps an event for a flow that this host does not have', async () => {
    const { journal } = stores;
    const first = await serve([awaitingFlow('ask')], { journal });
    const other = await serve([hostedFlow({ name: 'other' })], { journal });
    const id = await started(first.url, '/ask');
    await untilStatus(first.url, id, 'waiting');
    await first.host.close();
    const taken = await post(other.url, `/_runs/${id}/events`, YES);
    expect([taken.status, taken.json()]).toMatchObject([202, { taken_up_by: null }]);
  });

  it('reaches a run under way that no journal keeps', async () => {
    const { url } = await serve([awaitingFlow('ask')]);
    const id = await started(url, '/ask');
    expect(await untilStatus(url, id, 'waiting')).toMatchObject({
      waits_for: [{ checkpoint: 'approval', key: 'e-1' }],
    });
    const path = `/_runs/${id}/events`;
    const wrong = await post(url, path, { ...YES, key: 'e-2' });
    expect([wrong.status, wrong.json()]).toMatchObject([409, { code: 'HTTP163' }]);
    expect((await post(url, path, YES)).status).toBe(202);
    while ((await send(url, `/_runs/${id}`)).status !== 404);
  });

  it.each([
    [[], 'HTTP161', ''],
    ['text', 'HTTP161', ''],
    [null, 'HTTP161', ''],
    [{ ...YES, keys: 1 }, 'HTTP161', '/keys'],
    [{ key: 1 }, 'HTTP161', '/checkpoint'],
    [{ ...YES, checkpoint: 7 }, 'HTTP161', '/checkpoint'],
    [{ checkpoint: 'approval' }, 'HTTP161', '/key'],
    [{ ...YES, id: 5 }, 'HTTP161', '/id'],
    [{ ...YES, id: '' }, 'HTTP161', '/id'],
    [{ ...YES, id: 'x'.repeat(1025) }, 'HTTP161', '/id'],
    [{ ...YES, id: '\ud800' }, 'HTTP110', '/id'],
    [{ ...YES, checkpoint: 'aproval' }, 'HTTP162', '/checkpoint'],
    [{ ...YES, payload: { approve: true } }, 'RUN131', '/payload'],
    [{ checkpoint: 'approval', key: 'e-1' }, 'RUN131', '/payload'],
  ])('is refused as a whole: %#', async (body, code, pointer) => {
    const { journal } = stores;
    const { url } = await serve([awaitingFlow('ask')], { journal });
    const id = await started(url, '/ask');
    const refused = await post(url, `/_runs/${id}/events`, body);
    expect([refused.status, refused.json()]).toMatchObject([400, { code, details: { pointer } }]);
  });

  it('is refused in bytes that are no event', async () => {
    const { journal } = stores;
    const { url } = await serve([awaitingFlow('ask')], { journal, maxBodyBytes: 1000 });
    const id = await started(url, '/ask');
    const give = (body: string, type = 'application/json') =>
      send(url, `/_runs/${id}/events`, { method: 'POST', body, headers: { 'content-type': type } });
    const codeOf = async (answer: ReturnType<typeof give>) =>
      ((await answer).json() as { code: string }).code;
    expect(await codeOf(give('{"checkpoint":'))).toBe('HTTP110');
    expect(await codeOf(give('{"__proto__":{"key":1}}'))).toBe('HTTP110');
    expect(await codeOf(give('approval', 'text/plain'))).toBe('HTTP161');
    expect(await codeOf(give(`{"checkpoint":"${'x'.repeat(2000)}"}`))).toBe('HTTP123');
    const nobody = await post(url, '/_runs/nobody/events', YES);
    expect([nobody.status, nobody.json()]).toMatchObject([404, { code: 'HTTP160' }]);
  });
});

describe('the end of a run', () => {
  it('is asked of whoever executes it', async () => {
    const { journal } = stores;
    const { url } = await serve([awaitingFlow('ask')], { journal });
    const id = await started(url, '/ask');
    await untilStatus(url, id, 'waiting');
    const asked = await post(url, `/_runs/${id}/cancel`, { reason: 'wrong customer' });
    expect([asked.status, asked.json()]).toEqual([202, { run_id: id, status: 'cancelling' }]);
    const ended = await untilStatus(url, id, 'cancelled');
    expect(ended['error']).toMatchObject({ code: 'RUN106' });
    const again = await send(url, `/_runs/${id}/cancel`, { method: 'POST' });
    expect([again.status, again.json()]).toEqual([200, { run_id: id, status: 'cancelled' }]);
  });

  it('comes at once where nobody executes it', async () => {
    const { journal } = stores;
    const flow = awaitingFlow('ask');
    const [first, second] = [await serve([flow], { journal }), await serve([flow], { journal })];
    const id = await started(first.url, '/ask');
    await untilStatus(first.url, id, 'waiting');
    await first.host.close();
    const ended = await send(second.url, `/_runs/${id}/cancel`, { method: 'POST' });
    expect([ended.status, ended.json()]).toEqual([200, { run_id: id, status: 'cancelled' }]);
    expect((await stateAt(second.url, id))['status']).toBe('cancelled');
  });

  it('is that of a job which no worker has begun, and of one that is parked', async () => {
    const { journal, queue } = stores;
    let calls = 0;
    const run = (input: unknown) => {
      calls += 1;
      return input as never;
    };
    const flow = hostedFlow({ name: 'work', run });
    const ask = awaitingFlow('ask');
    const { url } = await serve([flow, ask], { journal, queue });
    const keyed = { ...ASYNC, 'idempotency-key': 'k' };
    const id = await started(url, '/work', keyed);
    const cancel = (run: string) => send(url, `/_runs/${run}/cancel`, { method: 'POST' });
    expect((await cancel(id)).json()).toEqual({ run_id: id, status: 'cancelled' });
    expect((await stateAt(url, id))['status']).toBe('cancelled');
    const worker = createFlowWorker({ backend: queue, journal, flows: [flow, ask] });
    while ((await queue.find(id))?.state === 'ready') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const parked = await started(url, '/ask', ASYNC);
    while ((await queue.find(parked))?.state !== 'parked') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect((await cancel(parked)).json()).toEqual({ run_id: parked, status: 'cancelled' });
    while ((await queue.status()).counts.parked > 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await worker.close();
    // The key still stands for the run that was cancelled.
    expect(await started(url, '/work', keyed)).toBe(id);
    expect(calls).toBe(0);
  });

  it('is that of a job between two attempts', async () => {
    const { journal, queue } = stores;
    const run = () => {
      throw new Error('not yet');
    };
    const flow = hostedFlow({ name: 'retried', run });
    const { url } = await serve([flow], { journal, queue });
    const { id: flowId, name: flowName } = flow.bundle.ir;
    const backoff = { baseMs: 600_000, factor: 1, maxMs: 600_000, jitter: 0 };
    await queue.enqueue([{ id: 'j', flow: flowId, flowName, payload: 1, maxAttempts: 2, backoff }]);
    const worker = createFlowWorker({ backend: queue, journal, flows: [flow] });
    await untilStatus(url, 'j', 'retrying');
    await worker.close();
    const ended = await send(url, '/_runs/j/cancel', { method: 'POST' });
    expect([ended.status, (await stateAt(url, 'j'))['status']]).toEqual([200, 'cancelled']);
  });

  it('is not that of a job of a flow that this host does not have', async () => {
    const { journal, queue } = stores;
    const { id: flow, name: flowName } = hostedFlow({ name: 'away' }).bundle.ir;
    await queue.enqueue([{ id: 'j', flow, flowName, payload: 1 }]);
    const { url } = await serve([hostedFlow({ name: 'here' })], { journal, queue });
    const refused = await send(url, '/_runs/j/cancel', { method: 'POST' });
    expect([refused.status, refused.json()]).toMatchObject([409, { code: 'HTTP163' }]);
    expect((await queue.find('j'))?.state).toBe('ready');
  });

  it('reaches a run under way that no journal keeps', async () => {
    const { url, host } = await serve([awaitingFlow('ask')]);
    const id = await started(url, '/ask');
    const asked = await send(url, `/_runs/${id}/cancel`, { method: 'POST' });
    expect([asked.status, asked.json()]).toEqual([202, { run_id: id, status: 'cancelling' }]);
    while ((await send(url, `/_runs/${id}`)).status !== 404);
    await host.close();
  });

  it('is refused where it has ended, and with a body that says nothing known', async () => {
    const { journal } = stores;
    const { url } = await serve([hostedFlow({ name: 'echo' }), awaitingFlow('ask')], { journal });
    const done = String((await post(url, '/echo', 1)).headers['x-basalt-run-id']);
    const late = await send(url, `/_runs/${done}/cancel`, { method: 'POST' });
    expect([late.status, late.json()]).toMatchObject([409, { code: 'JRNL003' }]);
    const id = await started(url, '/ask');
    for (const [body, pointer] of [
      [{ because: 1 }, '/because'],
      [{ reason: 1 }, '/reason'],
      [{ reason: 'x'.repeat(1025) }, '/reason'],
      ['now', ''],
    ] as const) {
      const refused = await post(url, `/_runs/${id}/cancel`, body);
      const expected = { code: 'HTTP161', details: { pointer } };
      expect([refused.status, refused.json()]).toMatchObject([400, expected]);
    }
    expect((await untilStatus(url, id, 'waiting'))['status']).toBe('waiting');
  });
});
