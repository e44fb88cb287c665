import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeContext } from '@basalt/executor';
import { flowId } from '@basalt/ir';
import type {
  FlowDetail,
  FlowList,
  NodeInspection,
  RunDetail,
  RunPage,
  StartedRun,
} from '@basalt/run-viewer';
import type { HttpHostOptions } from '../host-options.js';
import type { HostedFlow } from '../hosted-flow.js';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send, type RawAnswer } from '../testing/raw-client.js';
import { viewerPages, type ViewerPages } from '../testing/viewer-pages.js';

let pages: ViewerPages;
beforeAll(() => (pages = viewerPages()));
afterAll(() => pages.remove());
afterEach(closeServed);

const CHANGE = { 'x-basalt-viewer': '1' };
const API = '/_flows/api';
const code = (answer: RawAnswer) => [answer.status, (answer.json() as { code?: string }).code];

const Order = {
  type: 'object',
  required: ['id', 'count'],
  properties: {
    id: { type: 'string', minLength: 2 },
    count: { type: 'integer', minimum: 1 },
    colour: { enum: ['red', 'blue'] },
  },
};

/** Takes orders only. */
const orders = (more = {}) =>
  hostedFlow({
    name: 'orders',
    triggerNode: { in_schema: { kind: 'named', name: 'Order' } },
    more: { schemas: { Order } },
    ...more,
  });

/** Runs until it is cancelled. */
const endless = () =>
  hostedFlow({
    name: 'endless',
    run: (_input: unknown, { signal }: NodeContext) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      }),
  });

async function viewer(flows: readonly HostedFlow[], options: HttpHostOptions = {}) {
  const { viewer: more, ...others } = options;
  const { url, host } = await serve(flows, {
    viewer: { directory: pages.directory, ...more },
    ...others,
  });
  const get = async <T>(path: string, headers: Record<string, string> = {}) => {
    const answer = await send(url, `${API}${path}`, { headers });
    expect(answer.status).toBe(200);
    return answer.json() as T;
  };
  const change = (path: string, body: unknown, headers: Record<string, string> = CHANGE) =>
    post(url, `${API}${path}`, body, headers);
  const start = async (name: string, payload: unknown) => {
    const answer = await change(`/flows/${flowId(name, '1.0.0')}/runs`, { payload });
    expect([answer.status, answer.text]).toEqual([202, answer.text]);
    return (answer.json() as StartedRun).run_id;
  };
  const ended = async (id: string): Promise<RunDetail> => {
    for (;;) {
      const detail = await get<RunDetail>(`/runs/${id}`);
      if (detail.state.run.duration_ms !== null) return detail;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { url, host, get, change, start, ended };
}

describe('flows', () => {
  it('are listed and shown with graph, findings and schemas', async () => {
    const { get } = await viewer([orders()]);
    const { flows } = await get<FlowList>('/flows');
    const id = flowId('orders', '1.0.0');
    expect(flows).toEqual([
      {
        id,
        name: 'orders',
        version: '1.0.0',
        summary: '',
        profile: 'web',
        node_count: 2,
        edge_count: 1,
        triggers: [{ alias: 'trigger', kind: 'http', route: 'POST /orders', respond: 'value' }],
        counts: { running: 0, completed: 0, failed: 0, cancelled: 0 },
        may: { run: true, cancel: true },
      },
    ]);
    const detail = await get<FlowDetail>(`/flows/${id}`);
    expect(detail.flow).toEqual(flows[0]);
    expect(detail.payloads).toEqual({ trigger: Order });
    expect(detail.graph.edges).toEqual([
      { from: 'trigger', to: 'respond', delivery: 'at_least_once', routing: [], terms: [] },
    ]);
    expect(detail.graph.nodes.map(({ alias, kind, facts }) => [alias, kind, facts[0]])).toEqual([
      ['trigger', 'trigger', ['Kind', 'trigger']],
      ['respond', 'activity', ['Kind', 'activity']],
    ]);
    expect(detail.ir).toMatchObject({ name: 'orders' });
  });

  it('show findings at the nodes that they are about, and no secret parameters', async () => {
    const { get } = await viewer([
      hostedFlow({
        name: 'found',
        node: {
          params: { api_key: 'k-123', size: 3 },
          params_schema: { type: 'object' },
          timeout_ms: 9000,
        },
        trigger: { deadline_ms: 1000 },
      }),
    ]);
    const text = await get<FlowDetail>(`/flows/${flowId('found', '1.0.0')}`);
    expect(text.findings.map(({ code: found, nodes }) => [found, nodes])).toEqual([
      ['TIME016', ['respond']],
    ]);
    expect(JSON.stringify(text)).not.toContain('k-123');
    const facts = Object.fromEntries(text.graph.nodes[1]!.facts);
    expect(facts['Parameters']).toBe('{"api_key":"[redacted]","size":3}');
  });

  it('that are not served are not found (VIEW001)', async () => {
    const { url, change } = await viewer([orders()]);
    expect(code(await send(url, `${API}/flows/none`))).toEqual([404, 'VIEW001']);
    expect(code(await change('/flows/none/runs', {}))).toEqual([404, 'VIEW001']);
  });
});

describe('runs', () => {
  it('of routes and of the viewer are remembered alike', async () => {
    const { url, get, start, ended } = await viewer([orders()]);
    const payload = { id: 'o1', count: 2 };
    const id = await start('orders', payload);
    const { state, input, may, not_again } = await ended(id);
    expect([input, state.output, may, not_again]).toEqual([
      { json: payload, cut: false },
      { json: payload, cut: false },
      { run: true, cancel: true },
      null,
    ]);
    expect(state.run).toMatchObject({ id, status: 'completed', trigger: 'trigger', cause: null });
    expect(state.nodes.map(({ alias, state: word, ok }) => [alias, word, ok])).toEqual([
      ['trigger', 'ok', 1],
      ['respond', 'ok', 1],
    ]);
    expect(state.edges.map(({ label, passed }) => [label, passed])).toEqual([
      ['trigger->respond', 1],
    ]);
    expect(state.events.map(({ kind }) => kind)).toEqual(['started', 'captured', 'completed']);
    const routed = await post(url, '/orders?token=abc&x=1', payload, { 'x-event-id': 'e-7' });
    const list = await get<RunPage>('/runs?q=e-7');
    expect(list.runs.map((run) => run.id)).toEqual([routed.headers['x-basalt-run-id']]);
    expect(list.runs[0]!.labels).toMatchObject({
      'http.path': '/orders',
      'lf.event_id': 'e-7',
      'http.query_raw': 'token=[redacted]&x=1',
    });
  });

  it('show the inputs and outputs of each node', async () => {
    const { url, get, start, ended } = await viewer([orders()]);
    const id = await start('orders', { id: 'o1', count: 2, password: 'p' });
    await ended(id);
    const { invocations, hidden } = await get<NodeInspection>(`/runs/${id}/nodes/respond`);
    const shown = { json: { id: 'o1', count: 2, password: '[redacted]' }, cut: false };
    expect(hidden).toBeNull();
    expect(invocations).toMatchObject([
      { seq: 2, attempt: 1, outcome: 'ok', input: shown, output: shown, has_output: true },
    ]);
    expect(code(await send(url, `${API}/runs/${id}/nodes/other`))).toEqual([404, 'VIEW010']);
  });

  it('keep personal data to themselves, on both sides of the node that has it', async () => {
    const flow = hostedFlow({ name: 'people', node: { data_class: 'personal' } });
    const { get, start, ended } = await viewer([flow]);
    const id = await start('people', { name: 'Ann Example' });
    const detail = await ended(id);
    const nodes = await Promise.all(
      ['trigger', 'respond'].map((alias) => get<NodeInspection>(`/runs/${id}/nodes/${alias}`)),
    );
    expect([detail.input, detail.state.output]).toEqual([null, null]);
    expect(nodes.map(({ hidden }) => hidden)).toEqual([
      'data of the class "personal" is not shown',
      'data of the class "personal" is not shown',
    ]);
    expect(JSON.stringify([detail, nodes])).not.toContain('Ann');
  });

  it('keep secrets that a node has read out of everything', async () => {
    const secret = 'hunter2-hunter2';
    const flow = hostedFlow({
      name: 'leaky',
      node: { secrets: ['key'] },
      capabilities: { secrets: { get: async () => secret } },
      run: async (input, context) => {
        const key = await context.secret('key');
        if (input === 'fail') throw new Error(`no entry with ${key}`);
        return { note: `key is ${key}` };
      },
    });
    const { get, start, ended } = await viewer([flow]);
    const ids = [await start('leaky', 'x'), await start('leaky', 'fail')];
    const details = await Promise.all(ids.map(ended));
    const nodes = await Promise.all(ids.map((id) => get(`/runs/${id}/nodes/respond`)));
    expect(details[0]!.state.output?.json).toEqual({ note: 'key is [redacted]' });
    expect(details[1]!.state.run.cause?.message).toContain('[redacted]');
    expect(JSON.stringify([details, nodes])).not.toContain(secret);
  });

  it('that are not remembered are not found (VIEW002), bad filters are refused (VIEW003)', async () => {
    const { url, change } = await viewer([orders()]);
    for (const path of ['/runs/none', '/runs/none/events', '/runs/none/nodes/a']) {
      expect(code(await send(url, `${API}${path}`))).toEqual([404, 'VIEW002']);
    }
    expect(code(await change('/runs/none/cancel', {}))).toEqual([404, 'VIEW002']);
    expect(code(await change('/runs/none/again', {}))).toEqual([404, 'VIEW002']);
    expect(code(await send(url, `${API}/runs?status=done`))).toEqual([400, 'VIEW003']);
  });
});

describe('starting a run', () => {
  it('answers with every problem of the payload, by place', async () => {
    const { change, get } = await viewer([orders()]);
    const answer = await change(`/flows/${flowId('orders', '1.0.0')}/runs`, {
      payload: { id: 'x', colour: 'green' },
    });
    expect(code(answer)).toEqual([400, 'RUN116']);
    const { details } = answer.json() as { details: { problems: unknown } };
    expect(details.problems).toEqual([
      { pointer: '/count', message: 'must be given' },
      { pointer: '/id', message: 'must not have fewer than 2 characters' },
      { pointer: '/colour', message: 'must be "red", "blue"' },
    ]);
    expect((await get<RunPage>('/runs')).runs).toEqual([]);
  });

  it('refuses what is no request to start one (VIEW007)', async () => {
    const { url, change } = await viewer([orders()]);
    const path = `/flows/${flowId('orders', '1.0.0')}/runs`;
    for (const body of [[], 'text', null, 7, { pay: 1 }, { trigger: 7 }, { trigger: 'respond' }]) {
      expect([body, ...code(await change(path, body))]).toEqual([body, 400, 'VIEW007']);
    }
    const broken = await send(url, `${API}${path}`, {
      method: 'POST',
      headers: { ...CHANGE, 'content-type': 'application/json' },
      body: '{"payload":',
    });
    expect(code(broken)).toEqual([400, 'HTTP110']);
    const polluting = await send(url, `${API}${path}`, {
      method: 'POST',
      headers: { ...CHANGE, 'content-type': 'application/json' },
      body: '{"payload":{"__proto__":{"admin":true}}}',
    });
    expect(code(polluting)).toEqual([400, 'HTTP110']);
    const large = await change(path, { payload: 'x'.repeat(2 * 1024 * 1024) });
    expect(code(large)).toEqual([413, 'HTTP123']);
  });
});

describe('changes', () => {
  it('are taken from this host only (VIEW004)', async () => {
    const { change, url, start } = await viewer([endless()]);
    const id = await start('endless', null);
    expect(code(await change(`/runs/${id}/cancel`, {}, {}))).toEqual([403, 'VIEW004']);
    const foreign = { ...CHANGE, origin: 'https://evil.example' };
    expect(code(await change(`/runs/${id}/cancel`, {}, foreign))).toEqual([403, 'HTTP216']);
    const form = await send(url, `${API}/runs/${id}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=1',
    });
    expect(code(form)).toEqual([403, 'VIEW004']);
    const own = { ...CHANGE, origin: url };
    expect((await change(`/runs/${id}/cancel`, {}, own)).status).toBe(202);
  });

  it('cancel a run once (VIEW006)', async () => {
    const { change, start, ended } = await viewer([endless()]);
    const id = await start('endless', null);
    expect((await change(`/runs/${id}/cancel`, {})).status).toBe(202);
    const { state } = await ended(id);
    expect(state.run).toMatchObject({ status: 'cancelled' });
    expect(state.run.cause?.message).toContain('cancelled in the run viewer');
    expect(state.nodes.find(({ alias }) => alias === 'respond')?.state).toBe('cancelled');
    expect(code(await change(`/runs/${id}/cancel`, {}))).toEqual([409, 'VIEW006']);
  });

  it('run a run again with its input, where that is kept (VIEW005)', async () => {
    const { change, start, ended } = await viewer([hostedFlow({ name: 'echo' })], {
      viewer: { maxPayloadBytes: 5000, maxValueBytes: 100 },
    });
    const payload = 'x'.repeat(4000);
    const id = await start('echo', payload);
    const first = await ended(id);
    expect(first.input).toMatchObject({ cut: true });
    const again = (await change(`/runs/${id}/again`, {})).json() as StartedRun;
    const second = await ended(again.run_id);
    expect(second.state.run.labels).toEqual({ 'viewer.again_of': id });
    expect(second.input).toEqual(first.input);
    const large = await start('echo', 'x'.repeat(9000));
    expect((await ended(large)).not_again).toBe('its input is too large to be kept');
    expect(code(await change(`/runs/${large}/again`, {}))).toEqual([409, 'VIEW005']);
  });
});

describe('with tokens', () => {
  const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
  const as = (token: string) => ({ authorization: `Bearer ${token}` });

  it('each caller sees and does what their scopes say', async () => {
    const tokenFile = join(pages.directory, 'tokens.json');
    const tokens = [
      { name: 'watch', sha256: sha256('watch'), scopes: ['flow:orders:view'] },
      { name: 'all', sha256: sha256('all'), scopes: ['flow:*:*'] },
    ];
    writeFileSync(tokenFile, JSON.stringify({ tokens }));
    const flows = [orders(), hostedFlow({ name: 'echo' })];
    const { url, get, change } = await viewer(flows, { security: { tokenFile } });
    // The pages hold no data; whoever opens them is asked for a token there.
    expect((await send(url, '/_flows/')).status).toBe(200);
    expect(code(await send(url, `${API}/flows`))).toEqual([401, 'HTTP201']);
    expect(code(await send(url, `${API}/runs`, { headers: as('wrong') }))).toEqual([
      401,
      'HTTP202',
    ]);
    const seen = await get<FlowList>('/flows', as('watch'));
    expect(seen.flows.map(({ name, may }) => [name, may])).toEqual([
      ['orders', { run: false, cancel: false }],
    ]);
    const runs = (name: string) => `/flows/${flowId(name, '1.0.0')}/runs`;
    const payload = { id: 'o1', count: 1 };
    const tried = (name: string, token: string) =>
      change(runs(name), { payload }, { ...CHANGE, ...as(token) });
    expect(code(await tried('orders', 'watch'))).toEqual([403, 'HTTP203']);
    expect(code(await tried('echo', 'watch'))).toEqual([404, 'VIEW001']);
    const { run_id: id } = (await tried('echo', 'all')).json() as StartedRun;
    expect(code(await send(url, `${API}/runs/${id}`, { headers: as('watch') }))).toEqual([
      404,
      'VIEW002',
    ]);
    expect((await get<RunPage>('/runs', as('watch'))).runs).toEqual([]);
    expect((await get<RunPage>('/runs', as('all'))).runs.map((run) => run.id)).toEqual([id]);
  });
});
