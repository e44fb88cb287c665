// Streams as their readers see them: Server-Sent Events with resume, NDJSON, WebSocket, and keys.
import { once } from 'node:events';
import { decodeCanonical, encodeCanonical } from '@basalt/ir';
import { WebSocket } from 'ws';
import { readEvents } from './event-client.js';
import { jsonPost, postJson } from './json-request.js';
import { metric, until } from './metrics.js';
import { endServed, ownFlow, serve, type Served } from './served-process.js';

const SHIPPED = ['s1_echo', 's2_site', 'webhook_dedupe', '--bind', 'kv=memory'];

let host: Served;
beforeAll(async () => {
  const own = ['ticks', 'flood', 'work'].map(ownFlow);
  host = await serve([...SHIPPED, '--bind', 'dedupe=memory', ...own]);
});
afterAll(endServed);

const STEPS = ['queued', 'fetching', 'parsing', 'indexing', 'publishing', 'done'];
const PROGRESS = STEPS.map((step, i) => ({ site: 'example.org', step, percent: i * 20 }));

describe('Server-Sent Events', () => {
  it('carry s2_site to its end', async () => {
    const { events, runIds, retryMs } = await readEvents(`${host.url}/site/stream`, jsonPost({}));
    const [runId] = runIds;
    const items = PROGRESS.map((progress, i) => ({
      id: `${runId}/${i + 1}`,
      event: undefined,
      data: JSON.stringify(progress),
    }));
    const end = { id: `${runId}/7`, event: 'end', data: JSON.stringify({ run_id: runId }) };
    expect([retryMs, events]).toEqual([1000, [...items, end]]);
  });

  it('go on where a reader was cut off, again and again, without a gap or a repeat', async () => {
    const payload = jsonPost({ count: 40, ms: 20 });
    const { events, runIds } = await readEvents(`${host.url}/ticks`, payload, [3, 1, 5]);
    expect(runIds).toEqual(Array(4).fill(runIds[0]));
    const numbers = Array.from({ length: 40 }, (_, i) => JSON.stringify({ n: i + 1 }));
    expect(events.slice(0, -1).map(({ data }) => data)).toEqual(numbers);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => `${runIds[0]}/${i + 1}`));
    expect(events.at(-1)!.event).toBe('end');
  });

  it('drop what webhook_dedupe has seen', async () => {
    const payload = { events: [1, 2, 1].map((id) => ({ id: `e${id}`, kind: 'k' })) };
    const { events } = await readEvents(`${host.url}/webhooks/events`, jsonPost(payload));
    const ids = events.slice(0, -1).map(({ data }) => (JSON.parse(data) as { id: string }).id);
    expect(ids).toEqual(['e1', 'e2']);
  });

  it('refuse a payload with a status', async () => {
    const answer = await postJson(`${host.url}/ticks`, { count: -1, ms: 0 });
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: 'RUN116', details: { pointer: '/count' }, run_id: null },
    ]);
  });
});

describe('NDJSON', () => {
  const accept = { accept: 'application/x-ndjson' };

  it('carries s2_site line by line', async () => {
    const response = await fetch(`${host.url}/site/stream`, jsonPost({}, accept));
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(await response.text()).toBe(PROGRESS.map((one) => `${JSON.stringify(one)}\n`).join(''));
  });

  it('is cancelled with its connection, unless it has a key', async () => {
    const cancelled = () => metric(host, 'basalt_executor_cancellations_total');
    const before = await cancelled();
    const leave = new AbortController();
    const init = { ...jsonPost({ count: 1e6, ms: 5 }, accept), signal: leave.signal };
    const response = await fetch(`${host.url}/ticks`, init);
    await response.body!.getReader().read();
    leave.abort();
    await until(async () => (await cancelled()) === before + 1);

    const headers = { ...accept, 'idempotency-key': 'lines' };
    const again = new AbortController();
    const keyed = { ...jsonPost({ count: 30, ms: 10 }, headers), signal: again.signal };
    const first = await fetch(`${host.url}/ticks`, keyed);
    await first.body!.getReader().read();
    again.abort();
    const rest = await fetch(`${host.url}/ticks`, jsonPost({ count: 30, ms: 10 }, headers));
    const runId = first.headers.get('x-basalt-run-id')!;
    expect(rest.headers.get('x-basalt-run-id')).toBe(runId);
    const lines = Array.from({ length: 30 }, (_, i) => `{"n":${i + 1}}\n`);
    expect(await rest.text()).toBe(lines.join(''));
    const from = { ...headers, 'last-event-id': `${runId}/28` };
    const last = await fetch(`${host.url}/ticks`, jsonPost({ count: 30, ms: 10 }, from));
    expect(await last.text()).toBe('{"n":29}\n{"n":30}\n');
  });
});

interface Message {
  readonly type: string;
  readonly run_id: string | null;
  readonly value?: unknown;
}

async function open(path: string, headers: Record<string, string> = {}, protocols: string[] = []) {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, protocols, { headers });
  await once(socket, 'open');
  return socket;
}

/** Sends payloads and gathers messages until `ends` of them were ends or errors. */
async function talk(socket: WebSocket, payloads: readonly unknown[], ends = payloads.length) {
  const found: Message[] = [];
  const done = new Promise<readonly Message[]>((resolve) => {
    socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? decodeCanonical(data) : (JSON.parse(String(data)) as unknown);
      found.push(message as unknown as Message);
      if (found.filter(({ type }) => type !== 'item').length === ends) resolve(found);
    });
  });
  for (const payload of payloads) {
    socket.send(payload instanceof Uint8Array ? payload : JSON.stringify(payload));
  }
  const all = await done;
  socket.terminate();
  return all;
}

describe('WebSocket', () => {
  it('runs its messages in order, on routes of values and of streams', async () => {
    const socket = await open('/echo');
    const found = await talk(socket, [{ text: ' A ' }, { text: 5 }, { text: ' B ' }]);
    expect(found).toMatchObject([
      { type: 'item', seq: 1, value: { text: 'a' } },
      { type: 'end' },
      { type: 'error', code: 'RUN116', details: { pointer: '/text' }, run_id: null },
      { type: 'item', seq: 1, value: { text: 'b' } },
      { type: 'end' },
    ]);
    const stream = await talk(await open('/site/stream'), [{}]);
    expect(stream.map(({ value }) => value)).toEqual([...PROGRESS, undefined]);
  });

  it('speaks CBOR', async () => {
    const socket = await open('/echo', {}, ['basalt.cbor.v1']);
    const found = await talk(socket, [encodeCanonical({ text: ' C ' })]);
    expect(found).toMatchObject([{ type: 'item', value: { text: 'c' } }, { type: 'end' }]);
  });

  it('with a key finds the executions of the socket before', async () => {
    const headers = { 'idempotency-key': 'socket' };
    const payload = { count: 3, ms: 1 };
    const first = await talk(await open('/ticks', headers), [payload]);
    expect(await talk(await open('/ticks', headers), [payload])).toEqual(first);
    const other = await talk(await open('/ticks', headers), [{ count: 4, ms: 1 }]);
    expect(other).toMatchObject([{ type: 'error', code: 'HTTP130', run_id: null }]);
  });

  it('cancels with its connection', async () => {
    const cancelled = () => metric(host, 'basalt_executor_cancellations_total');
    const before = await cancelled();
    const socket = await open('/work');
    socket.send('{"ms":60000}');
    await until(async () => (await metric(host, 'basalt_host_inflight_runs')) > 0);
    socket.terminate();
    await until(async () => (await cancelled()) === before + 1);
  });
});
