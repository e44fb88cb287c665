import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

afterEach(closeServed);

describe('health', () => {
  it('is alive and ready', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const [live, ready] = [await send(url, '/healthz'), await send(url, '/readyz')];
    expect([live.status, live.json(), live.headers['cache-control']]).toEqual([
      200,
      { status: 'ok' },
      'no-store',
    ]);
    expect([ready.status, ready.json()]).toEqual([200, { status: 'ready' }]);
  });

  it('is alive but not ready while no more executions are taken', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const slow = hostedFlow({ name: 'slow', run: () => gate.then(() => 'done') });
    const { url } = await serve([slow], { maxConcurrentRuns: 1, maxQueuedRuns: 0 });
    const first = post(url, '/slow', null);
    let ready = await send(url, '/readyz');
    while (ready.status === 200) ready = await send(url, '/readyz');
    expect([ready.status, ready.json(), ready.headers['retry-after']]).toEqual([
      503,
      { status: 'not_ready', reasons: ['no more executions are taken'] },
      '1',
    ]);
    const refused = await post(url, '/slow', null);
    expect([refused.status, (refused.json() as { code: string }).code]).toEqual([503, 'HTTP150']);
    expect((await send(url, '/healthz')).status).toBe(200);
    release();
    expect((await first).json()).toBe('done');
    expect((await send(url, '/readyz')).status).toBe(200);
  });

  it('is not ready while it drains, and finishes what is under way', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const slow = hostedFlow({ name: 'slow', run: () => gate.then(() => 'done') });
    const { url, host } = await serve([slow], { drainMs: 60_000 });
    const first = post(url, '/slow', null);
    while (!/inflight_runs 1\n/.test((await send(url, '/metrics')).text));
    const closed = host.close();
    const ready = await send(url, '/readyz');
    expect([ready.status, ready.json()]).toEqual([
      503,
      { status: 'not_ready', reasons: ['it is stopping'] },
    ]);
    const refused = await post(url, '/slow', null);
    expect([refused.status, (refused.json() as { code: string }).code]).toEqual([503, 'HTTP151']);
    release();
    expect((await first).json()).toBe('done');
    await closed;
    await expect(send(url, '/healthz')).rejects.toThrow('ECONNREFUSED');
  });

  it('keeps its paths to itself', async () => {
    const flow = hostedFlow({ name: 'x', trigger: { route: '/healthz' } });
    await expect(serve([flow])).rejects.toThrow('HTTP103');
  });
});
