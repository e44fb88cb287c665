import type { NodeContext } from '@basalt/executor';
import { encodeCanonical } from '@basalt/ir';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { once } from 'node:events';
import { connect } from 'node:net';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { send } from '../testing/raw-client.js';

afterEach(closeServed);

/** Gives 1 to its input; `gate(n)` is waited for before each number. */
function counting(gate: (n: number) => Promise<void> | void = () => undefined) {
  const seen = { produced: 0, cancelled: false };
  async function* run(limit: number, { signal }: NodeContext) {
    try {
      for (let n = 1; n <= limit; n += 1) {
        await gate(n);
        if (signal.aborted) return;
        seen.produced = n;
        yield n;
      }
    } finally {
      seen.cancelled = signal.aborted;
    }
  }
  const flow = hostedFlow({ name: 'count', trigger: { respond: 'stream' }, run: run as never });
  return { flow, seen };
}

const json = { 'content-type': 'application/json' };
const start = (
  url: string,
  limit: number,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) =>
  fetch(`${url}/count`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(limit),
    ...(signal === undefined ? {} : { signal }),
  });

/** Reads events until `enough`, or to the end. */
async function events(response: Response, enough = Infinity) {
  const found: EventSourceMessage[] = [];
  const notes: string[] = [];
  const parser = createParser({
    onEvent: (event) => found.push(event),
    onRetry: (ms) => notes.push(`retry ${ms}`),
    onComment: (text) => notes.push(text),
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    if (found.length >= enough) break;
  }
  return { found, notes };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('event streams', () => {
  it('have ids, a retry hint and an end', async () => {
    const { url } = await serve([counting().flow]);
    const response = await start(url, 3);
    const runId = response.headers.get('x-basalt-run-id')!;
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await events(response)).toEqual({
      notes: ['retry 1000'],
      found: [
        { id: `${runId}/1`, event: undefined, data: '1' },
        { id: `${runId}/2`, event: undefined, data: '2' },
        { id: `${runId}/3`, event: undefined, data: '3' },
        { id: `${runId}/4`, event: 'end', data: JSON.stringify({ run_id: runId }) },
      ],
    });
  });

  it('end with an error event that has the envelope', async () => {
    const { flow } = counting((n) => {
      if (n === 2) throw new Error('secret');
    });
    const { url } = await serve([flow]);
    const response = await start(url, 3);
    const { found } = await events(response);
    expect(found.map(({ event, data }) => [event, JSON.parse(data) as unknown])).toEqual([
      [undefined, 1],
      [
        'error',
        {
          error: 'A handler failed',
          code: 'RUN101',
          details: {},
          run_id: response.headers.get('x-basalt-run-id'),
        },
      ],
    ]);
  });

  it('refuse a payload with a status, not with an event', async () => {
    const schemas = { N: { type: 'number' } };
    const named = { kind: 'named', name: 'N' } as const;
    const { bundle } = counting().flow;
    const nodes = bundle.ir.nodes.map((node) =>
      node.kind === 'trigger' ? { ...node, in_schema: named, out_schema: named } : node,
    );
    const flow = { bundle: { ...bundle, ir: { ...bundle.ir, nodes, schemas } }, capabilities: {} };
    const { url } = await serve([flow]);
    const answer = await send(url, '/count', { method: 'POST', headers: json, body: '"x"' });
    expect([answer.status, answer.json()]).toMatchObject([400, { code: 'RUN116', run_id: null }]);
  });

  it('show that they live while nothing happens', async () => {
    let release: () => void = () => undefined;
    const { flow } = counting(() => new Promise<void>((resolve) => (release = resolve)));
    const { url } = await serve([flow], { streamKeepAliveMs: 20 });
    const reader = (await start(url, 1)).body!.getReader();
    let text = '';
    while (!text.includes(': keep-alive\n\n: keep-alive\n\n')) {
      text += new TextDecoder().decode((await reader.read()).value);
    }
    release();
    while (!(await reader.read()).done);
    expect(text.startsWith('retry: 1000\n\n')).toBe(true);
  });

  it('go on exactly after the last event of a reader that was cut off', async () => {
    const { flow, seen } = counting(() => new Promise((resolve) => setTimeout(resolve, 1)));
    const { url } = await serve([flow]);
    const leave = new AbortController();
    const first = await start(url, 60, {}, leave.signal);
    const { found } = await events(first, 5).catch(() => ({ found: [] as EventSourceMessage[] }));
    leave.abort();
    const last = found.at(-1)!.id!;
    const second = await start(url, 60, { 'last-event-id': last });
    expect(second.headers.get('x-basalt-run-id')).toBe(first.headers.get('x-basalt-run-id'));
    const rest = await events(second);
    const numbers = [...found, ...rest.found].filter(({ event }) => event === undefined);
    expect(numbers.map(({ data }) => Number(data))).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
    expect(rest.found.at(-1)!.event).toBe('end');
    expect(seen).toEqual({ produced: 60, cancelled: false });
    const over = await start(url, 60, { 'last-event-id': rest.found.at(-1)!.id! });
    expect(over.status).toBe(204);
  });

  it('cannot go on with a gap, for strangers, or after unknown events', async () => {
    const { flow } = counting();
    const { url } = await serve([flow], { replayEvents: 2 });
    const runId = (await events(await start(url, 10))).found[0]!.id!.split('/')[0]!;
    for (const id of [`${runId}/3`, `${runId}/99`, 'other/1', 'nonsense']) {
      const answer = await start(url, 10, { 'last-event-id': id });
      expect([answer.status, await answer.json()]).toMatchObject([410, { code: 'HTTP141' }]);
    }
    expect(
      (await events(await start(url, 10, { 'last-event-id': `${runId}/9` }))).found,
    ).toMatchObject([{ data: '10' }, { event: 'end' }]);
  });

  it('are cancelled when nobody comes back', async () => {
    const { flow, seen } = counting(() => new Promise((resolve) => setTimeout(resolve, 1)));
    const { url, host } = await serve([flow], { resumeGraceMs: 30 });
    const leave = new AbortController();
    const response = await start(url, 1e6, {}, leave.signal);
    const { found } = await events(response, 2).catch(() => ({
      found: [] as EventSourceMessage[],
    }));
    leave.abort();
    await until(() => seen.cancelled);
    const answer = await start(url, 1e6, { 'last-event-id': found.at(-1)!.id! });
    expect(answer.status).toBe(410);
    await host.close();
  });

  it('are given again to a repeated idempotency key', async () => {
    let runs = 0;
    const { flow } = counting((n) => {
      if (n === 1) runs += 1;
    });
    const { url } = await serve([flow]);
    const key = { 'idempotency-key': 'k' };
    const first = await start(url, 3, key);
    const original = await events(first);
    const second = await start(url, 3, key);
    expect(second.headers.get('x-basalt-run-id')).toBe(first.headers.get('x-basalt-run-id'));
    expect((await events(second)).found).toEqual(original.found);
    const other = await start(url, 4, key);
    expect([other.status, await other.json()]).toMatchObject([422, { code: 'HTTP130' }]);
    expect(runs).toBe(1);
  });

  it('are refused to a repeated key when their beginning is no longer kept', async () => {
    const { flow } = counting();
    const { url } = await serve([flow], { replayEvents: 1 });
    const key = { 'idempotency-key': 'long' };
    await events(await start(url, 5, key));
    const again = await start(url, 5, key);
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'HTTP132' }]);
  });

  it('wait for a slow reader instead of filling memory', async () => {
    const block = 'x'.repeat(64 * 1024);
    const seen = { produced: 0 };
    async function* run() {
      for (;;) {
        seen.produced += 1;
        yield block;
      }
    }
    const flow = hostedFlow({ name: 'flood', trigger: { respond: 'stream' }, run: run as never });
    const { url } = await serve([flow], { resumeGraceMs: 0 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.pause();
    socket.write('POST /flood HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n');
    let before = -1;
    while (before !== seen.produced || before <= 0) {
      before = seen.produced;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // What the two kernels buffer, and no more: a few MiB.
    expect(seen.produced).toBeLessThan(400);
    socket.destroy();
    await once(socket, 'close');
  });
});

describe('sequences of items', () => {
  it('are NDJSON or CBOR for those who ask', async () => {
    const { url } = await serve([counting().flow]);
    const lines = await start(url, 3, { accept: 'application/x-ndjson' });
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(await lines.text()).toBe('1\n2\n3\n');
    const cbor = await start(url, 3, { accept: 'application/cbor-seq' });
    const expected = Buffer.concat([1, 2, 3].map((n) => encodeCanonical(n)));
    expect(Buffer.from(await cbor.arrayBuffer())).toEqual(expected);
  });

  it('end with what went wrong', async () => {
    const { flow } = counting((n) => {
      if (n === 2) throw new Error('secret');
    });
    const { url } = await serve([flow]);
    const lines = (await (await start(url, 3, { accept: 'application/x-ndjson' })).text()).split(
      '\n',
    );
    expect([lines[0], JSON.parse(lines[1]!), lines[2]]).toMatchObject([
      '1',
      { $error: { code: 'RUN101', error: 'A handler failed' } },
      '',
    ]);
  });

  it('cancel the execution when the reader leaves', async () => {
    const { flow, seen } = counting(() => new Promise((resolve) => setTimeout(resolve, 1)));
    const { url } = await serve([flow]);
    const leave = new AbortController();
    const response = await start(url, 1e6, { accept: 'application/x-ndjson' }, leave.signal);
    await response.body!.getReader().read();
    leave.abort();
    await until(() => seen.cancelled);
    expect(seen.produced).toBeLessThan(1e6);
  });
});
