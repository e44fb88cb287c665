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

const EFFECT = { effects: 'effectful', determinism: 'best_effort' } as const;
const KEYED = { ...EFFECT, idempotency: { key: '/id', scope: 'node', ttlMs: 60_000 } } as const;

/** A flow whose execution stops for good the first time, and the number of calls of it. */
function stopping(version: Partial<{ name: string }> = {}) {
  let calls = 0;
  let begun: () => void = () => undefined;
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  const run = async (
    input: unknown,
    { signal }: { signal: AbortSignal },
  ): Promise<{ calls: number }> => {
    calls += 1;
    if (calls > 1) return { calls };
    begun();
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    });
    return input as never;
  };
  const flow = hostedFlow({ name: 'stop', node: KEYED, run: run as never, ...version });
  return { flow, isBegun, calls: () => calls };
}

describe('a host with a journal', () => {
  it('keeps every execution, with the URL of its run', async () => {
    const { journal } = stores;
    const flow = hostedFlow({ name: 'same', trigger: { respond: 'accepted' } });
    const { url } = await serve([flow, hostedFlow({ name: 'echo' })], { journal });
    const answer = await post(url, '/echo', { n: 1 });
    const id = String(answer.headers['x-basalt-run-id']);
    expect([answer.status, answer.json()]).toEqual([200, { n: 1 }]);
    expect((await send(url, `/_runs/${id}`)).json()).toMatchObject({
      flow: 'echo',
      status: 'completed',
      output: { n: 1 },
    });
    const { labels } = (await journal.start(id))!;
    expect(labels).toMatchObject({ 'http.method': 'POST', 'http.path': '/echo' });
    const accepted = await post(url, '/same', 1);
    expect([accepted.status, accepted.headers.location]).toEqual([
      202,
      `/_runs/${accepted.headers['x-basalt-run-id']}`,
    ]);
  });

  it('interrupts what runs when it closes, and another host goes on with it', async () => {
    const { journal } = stores;
    const { flow, isBegun, calls } = stopping();
    const first = await serve([flow], { journal });
    const answer = post(first.url, '/stop', { id: 'a' });
    await isBegun;
    await first.host.close();
    expect([(await answer).status, (await answer).json()]).toMatchObject([503, { code: 'DUR107' }]);
    const [run] = (await journal.list()).runs;
    expect(run!.status).toBe('interrupted');
    const second = await serve([flow], { journal });
    expect(await second.host.resumeRuns()).toEqual({ resumed: [run!.runId], left: [] });
    const state = async () => (await send(second.url, `/_runs/${run!.runId}`)).json();
    while (((await state()) as { status: string }).status !== 'completed');
    expect(await state()).toMatchObject({ output: { calls: 2 } });
    expect(calls()).toBe(2);
    expect(await second.host.resumeRuns()).toEqual({ resumed: [], left: [] });
  });

  it('cancels an execution that is cancelled in the journal', async () => {
    const { journal } = stores;
    const { flow, isBegun } = stopping();
    const { url } = await serve([flow], { journal });
    const answer = post(url, '/stop', { id: 'a' });
    await isBegun;
    const [run] = (await journal.list()).runs;
    expect(await journal.cancel(run!.runId, 'by hand')).toBe('asked');
    expect([(await answer).status, (await answer).json()]).toMatchObject([503, { code: 'RUN106' }]);
    expect((await journal.info(run!.runId))?.status).toBe('cancelled');
  });

  it('leaves runs of other flows, of queues, and of versions that exclude each other', async () => {
    const { journal } = stores;
    const { flow, isBegun } = stopping();
    const first = await serve([flow], { journal });
    const answer = post(first.url, '/stop', { id: 'a' });
    await isBegun;
    await first.host.close();
    await answer;
    const [run] = (await journal.list()).runs;
    const other = await serve([hostedFlow({ name: 'other' })], { journal });
    expect(await other.host.resumeRuns()).toEqual({ resumed: [], left: [] });
    const idempotency = { key: '/other', scope: 'node', ttlMs: 60_000 } as const;
    const changed = hostedFlow({ name: 'stop', node: { ...EFFECT, idempotency } });
    const later = await serve([changed], { journal });
    const { resumed, left } = await later.host.resumeRuns();
    expect([resumed, left.map(({ runId, finding }) => [runId, finding.code])]).toEqual([
      [],
      [[run!.runId, 'DUR111']],
    ]);
    expect((await journal.info(run!.runId))?.status).toBe('interrupted');
  });
});
