// Idempotency keys of sequences of items and of WebSockets: a repeat is given what the first call began.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { countingFlow, readUntil, startCount, until } from '../testing/counting-flow.js';
import { closeServed, serve } from '../testing/hosted-flows.js';

const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await closeServed();
});

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
const NDJSON = { accept: 'application/x-ndjson' };

describe('a sequence of items with a key', () => {
  it('is given again from its beginning, and from any item', async () => {
    const { flow, seen } = countingFlow('count', tick);
    const { url } = await serve([flow]);
    const headers = { ...NDJSON, 'idempotency-key': 'k' };
    const leave = new AbortController();
    const first = await startCount(url, 20, headers, leave.signal);
    await readUntil(first, '3\n');
    leave.abort();
    const runId = first.headers.get('x-basalt-run-id')!;
    const rest = await startCount(url, 20, { ...headers, 'last-event-id': `${runId}/3` });
    expect([rest.status, rest.headers.get('content-type')]).toEqual([
      200,
      'application/x-ndjson; charset=utf-8',
    ]);
    const numbers = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(await rest.text()).toBe(numbers.slice(3).join('\n') + '\n');
    const again = await startCount(url, 20, headers);
    expect([again.headers.get('x-basalt-run-id'), await again.text()]).toEqual([
      runId,
      numbers.join('\n') + '\n',
    ]);
    const over = await startCount(url, 20, { ...headers, 'last-event-id': `${runId}/20` });
    expect([over.status, seen.runs]).toEqual([204, 1]);
  });

  it('begins once for two calls at the same time', async () => {
    const { flow, seen } = countingFlow('count', tick);
    const { url } = await serve([flow], { maxConcurrentRuns: 1 });
    const leave = new AbortController();
    await startCount(url, 1e9, {}, leave.signal);
    const headers = { ...NDJSON, 'idempotency-key': 'both' };
    const both = [startCount(url, 5, headers), startCount(url, 5, headers)];
    leave.abort();
    const [a, b] = await Promise.all(both);
    expect(a!.headers.get('x-basalt-run-id')).toBe(b!.headers.get('x-basalt-run-id'));
    // One reader at a time: who comes later takes the stream over, from its beginning.
    const texts = await Promise.all([a!.text(), b!.text()]);
    expect(texts).toContain('1\n2\n3\n4\n5\n');
    expect(seen.runs).toBe(2);
  });

  it('cannot be resumed without one: leaving cancels at once', async () => {
    const { flow, seen } = countingFlow('count', tick);
    const { url } = await serve([flow], { resumeGraceMs: 600_000 });
    const leave = new AbortController();
    const first = await startCount(url, 1e9, NDJSON, leave.signal);
    await readUntil(first, '3\n');
    leave.abort();
    await until(() => seen.cancelled === 1);
    const runId = first.headers.get('x-basalt-run-id')!;
    const rest = await startCount(url, 1e9, { ...NDJSON, 'last-event-id': `${runId}/3` });
    expect([rest.status, await rest.json()]).toMatchObject([410, { code: 'HTTP141' }]);
  });
});

interface Message {
  readonly type: string;
  readonly run_id: string;
  readonly value?: unknown;
  readonly code?: string;
}

async function talk(
  url: string,
  payloads: readonly unknown[],
  count: number,
  key: string,
): Promise<readonly Message[]> {
  const address = `${url.replace('http', 'ws')}/count`;
  const socket = new WebSocket(address, { headers: { 'idempotency-key': key } });
  sockets.push(socket);
  await once(socket, 'open');
  const found: Message[] = [];
  const done = new Promise<readonly Message[]>((resolve) => {
    socket.on('message', (data: Buffer) => {
      found.push(JSON.parse(data.toString()) as Message);
      if (found.length === count) resolve(found);
    });
  });
  for (const payload of payloads) socket.send(JSON.stringify(payload));
  const all = await done;
  socket.terminate();
  return all;
}

describe('a WebSocket with a key', () => {
  it('is given the executions of the first socket with that key', async () => {
    const { flow, seen } = countingFlow();
    const { url } = await serve([flow]);
    const first = await talk(url, [2, 1], 5, 'k');
    expect(first.map(({ type, value }) => [type, value])).toEqual([
      ['item', 1],
      ['item', 2],
      ['end', undefined],
      ['item', 1],
      ['end', undefined],
    ]);
    expect(await talk(url, [2, 1], 5, 'k')).toEqual(first);
    expect(seen.runs).toBe(2);
    const other = await talk(url, [2, 3], 4, 'k');
    expect([other.slice(0, 3), other[3]]).toMatchObject([
      first.slice(0, 3),
      { type: 'error', code: 'HTTP130', run_id: null },
    ]);
    expect(seen.runs).toBe(2);
  });

  it('finds an execution that its client left', async () => {
    const { flow, seen } = countingFlow('count', tick);
    const { url } = await serve([flow]);
    const some = await talk(url, [50], 3, 'cut');
    const all = await talk(url, [50], 51, 'cut');
    expect([all.slice(0, 3), all.length, all.at(-1)!.type, seen]).toEqual([
      some,
      51,
      'end',
      { runs: 1, produced: 50, cancelled: 0 },
    ]);
  });

  it('says that a beginning is no longer kept', async () => {
    const { flow, seen } = countingFlow();
    const { url } = await serve([flow], { replayEvents: 1 });
    await talk(url, [5], 6, 'long');
    expect(await talk(url, [5], 1, 'long')).toMatchObject([{ type: 'error', code: 'HTTP132' }]);
    expect(seen.runs).toBe(1);
  });

  it('refuses a key that is none before the socket opens', async () => {
    const { url } = await serve([countingFlow().flow]);
    const address = `${url.replace('http', 'ws')}/count`;
    const socket = new WebSocket(address, { headers: { 'idempotency-key': 'a b' } });
    socket.on('error', () => undefined);
    const [, answer] = (await once(socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ];
    expect(answer.statusCode).toBe(400);
    socket.terminate();
  });
});
