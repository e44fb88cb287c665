import { request } from 'node:http';
import type { NodeContext } from '@basalt/executor';
import { WebSocket } from 'ws';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

afterEach(closeServed);

/** Values by series, without the buckets and the host's own reading of /metrics. */
async function seriesAt(url: string): Promise<Record<string, number>> {
  const { text } = await send(url, '/metrics');
  const lines = text
    .split('\n')
    .filter((line) => /^basalt_/.test(line) && !/_bucket|_sum/.test(line));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' '))),
    ]),
  );
}

describe('/metrics', () => {
  it('counts requests by route, method and class of status, never by what callers write', async () => {
    const item = hostedFlow({ name: 'item', trigger: { route: '/items/{id}' } });
    const { url } = await serve([item]);
    for (let i = 0; i < 30; i += 1) await post(url, `/items/${i}`, null);
    for (let i = 0; i < 30; i += 1) await send(url, `/scan-${i}`);
    await send(url, '/items/1', { method: 'DELETE' });
    const series = await seriesAt(url);
    const requests = Object.entries(series).filter(([name]) =>
      name.startsWith('basalt_host_http_requests_total'),
    );
    expect(Object.fromEntries(requests)).toEqual({
      'basalt_host_http_requests_total{method="POST",route="/items/:id",status_class="2xx"}': 30,
      'basalt_host_http_requests_total{method="GET",route="none",status_class="4xx"}': 30,
      'basalt_host_http_requests_total{method="DELETE",route="/items/:id",status_class="4xx"}': 1,
    });
    expect(
      series[
        'basalt_host_http_request_latency_ms_count{method="POST",route="/items/:id",status_class="2xx"}'
      ],
    ).toBe(30);
    expect(series['basalt_host_http_inflight_requests']).toBe(1);
  });

  it('has the measurements of executions', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    await post(url, '/echo', null);
    const series = await seriesAt(url);
    expect(series).toMatchObject({
      'basalt_executor_active_nodes{flow="echo"}': 0,
      'basalt_executor_queue_depth{flow="echo",edge="trigger->respond"}': 0,
      'basalt_executor_node_latency_ms_count{flow="echo",node="respond"}': 1,
      basalt_host_sse_clients: 0,
      basalt_host_inflight_runs: 0,
      basalt_host_queued_runs: 0,
      basalt_host_deadline_exceeded_total: 0,
    });
  });

  it('tells what is under way, by flow', async () => {
    const release: (() => void)[] = [];
    const flows = ['first', 'second'].map((name) =>
      hostedFlow({
        name,
        run: (input: unknown) =>
          new Promise((resolve) => release.push(() => resolve(input as null))),
      }),
    );
    const { url } = await serve(flows);
    const answers = ['first', 'first', 'second'].map((name) => post(url, `/${name}`, null));
    const active = async () => {
      const series = await seriesAt(url);
      return ['first', 'second'].map(
        (flow) => series[`basalt_executor_active_nodes{flow="${flow}"}`],
      );
    };
    while (release.length < 3) await active();
    expect(await active()).toEqual([2, 1]);
    for (const one of release) one();
    await Promise.all(answers);
    expect(await active()).toEqual([0, 0]);
  });

  it('counts what ran out of time, and what failed', async () => {
    const hang = hostedFlow({
      name: 'hang',
      trigger: { deadline_ms: 20 },
      run: (_input: unknown, { signal }: NodeContext) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(null))),
    });
    const fail = hostedFlow({
      name: 'fail',
      run: () => {
        throw new Error('no');
      },
    });
    const { url } = await serve([hang, fail]);
    expect((await post(url, '/hang', null)).status).toBe(504);
    expect((await post(url, '/fail', null)).status).toBe(500);
    const series = await seriesAt(url);
    expect(series['basalt_host_deadline_exceeded_total']).toBe(1);
    expect(series['basalt_executor_cancellations_total{flow="hang",reason="TIME015"}']).toBe(1);
    expect(
      series['basalt_executor_node_errors_total{flow="fail",error_kind="handler_error"}'],
    ).toBe(1);
  });

  it('counts the readers of event streams while they read', async () => {
    const ticks = hostedFlow({
      name: 'ticks',
      trigger: { respond: 'stream' },
      run: async function* (_input: unknown, { signal }: NodeContext) {
        yield 1;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const { url } = await serve([ticks], { resumeGraceMs: 0 });
    const reader = request(`${url}/ticks`, { method: 'POST', agent: false });
    await new Promise((resolve) => reader.on('response', (r) => r.once('data', resolve)).end());
    expect((await seriesAt(url))['basalt_host_sse_clients']).toBe(1);
    reader.destroy();
    let left = 1;
    while (left > 0) left = (await seriesAt(url))['basalt_host_sse_clients']!;
    expect(left).toBe(0);
  });

  it('can be switched off', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })], { operations: { metrics: false } });
    expect((await send(url, '/metrics')).status).toBe(404);
  });

  it('bounds the names of nodes', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })], {
      operations: { maxLabelValues: 1 },
    });
    await post(url, '/echo', null);
    const nodes = Object.keys(await seriesAt(url)).filter((name) => name.includes('node_latency'));
    expect(nodes).toEqual([
      'basalt_executor_node_latency_ms_count{flow="echo",node="trigger"}',
      'basalt_executor_node_latency_ms_count{flow="echo",node="other"}',
    ]);
  });

  it('lets go of requests whose callers went away', async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const endless = hostedFlow({
      name: 'endless',
      run: (_input: unknown, { signal }: NodeContext) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(null));
          begin();
        }),
    });
    const { url } = await serve([endless]);
    const caller = request(`${url}/endless`, { method: 'POST', agent: false });
    caller.on('error', () => undefined).end();
    await begun;
    expect((await seriesAt(url))['basalt_host_http_inflight_requests']).toBe(2);
    caller.destroy();
    const name =
      'basalt_host_http_requests_total{method="POST",route="/endless",status_class="4xx"}';
    let series = await seriesAt(url);
    while (series[name] === undefined) series = await seriesAt(url);
    expect([series[name], series['basalt_host_http_inflight_requests']]).toEqual([1, 1]);
  });

  it('counts a socket until it is closed', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo', trigger: { respond: 'stream' } })]);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/echo`);
    await new Promise((resolve) => socket.once('open', resolve));
    expect((await seriesAt(url))['basalt_host_http_inflight_requests']).toBe(2);
    socket.close();
    const name = 'basalt_host_http_requests_total{method="GET",route="/echo",status_class="1xx"}';
    let series = await seriesAt(url);
    while (series[name] === undefined) series = await seriesAt(url);
    expect([series[name], series['basalt_host_http_inflight_requests']]).toEqual([1, 1]);
  });
});
