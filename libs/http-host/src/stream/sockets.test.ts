import { once } from 'node:events';
import type { NodeContext } from '@basalt/executor';
import { decodeCanonical, encodeCanonical, type Value } from '@basalt/ir';
import { WebSocket } from 'ws';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';

const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await closeServed();
});

async function* upTo(limit: number) {
  for (let n = 1; n <= limit; n += 1) yield n;
}
const counting = (more = {}) =>
  hostedFlow({ name: 'count', trigger: { respond: 'stream' }, run: upTo as never, ...more });

async function open(url: string, path: string, protocol?: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocol ?? []);
  sockets.push(socket);
  await once(socket, 'open');
  return socket;
}

/** The next `count` messages. */
async function messages(socket: WebSocket, count: number): Promise<Value[]> {
  const found: Value[] = [];
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer, isBinary) => {
      found.push(isBinary ? decodeCanonical(data) : (JSON.parse(data.toString()) as Value));
      if (found.length === count) resolve(found);
    });
  });
}

describe('WebSocket', () => {
  it('runs each message and sends its outputs', async () => {
    const { url } = await serve([counting()]);
    const socket = await open(url, '/count');
    const got = messages(socket, 5);
    socket.send('2');
    socket.send('1');
    const all = (await got) as { type: string; run_id: string }[];
    const [a, b] = [all[0]!.run_id, all[3]!.run_id];
    expect(a).not.toBe(b);
    expect(all).toEqual([
      { type: 'item', run_id: a, seq: 1, value: 1 },
      { type: 'item', run_id: a, seq: 2, value: 2 },
      { type: 'end', run_id: a },
      { type: 'item', run_id: b, seq: 1, value: 1 },
      { type: 'end', run_id: b },
    ]);
  });

  it('speaks CBOR where the subprotocol says so', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const socket = await open(url, '/echo', 'basalt.cbor.v1');
    const got = messages(socket, 2);
    const value = { bytes: new Uint8Array([7]), big: 2n ** 65n };
    socket.send(encodeCanonical(value));
    const [item, end] = (await got) as { run_id: string }[];
    expect(item).toEqual({ type: 'item', run_id: item!.run_id, seq: 1, value });
    expect(end).toEqual({ type: 'end', run_id: item!.run_id });
  });

  it('answers bad messages and goes on', async () => {
    const failing = (input: unknown) => {
      if (input === 'fail') throw new Error('secret');
      return input as never;
    };
    const { url } = await serve([hostedFlow({ name: 'echo', run: failing })]);
    const socket = await open(url, '/echo');
    const got = messages(socket, 5);
    socket.send('{"a":');
    socket.send(Buffer.from([1]), { binary: true });
    socket.send('"fail"');
    socket.send('"fine"');
    const all = (await got) as { code?: string; run_id: string | null }[];
    expect(all).toMatchObject([
      { type: 'error', code: 'HTTP110', run_id: null, details: { line: 1, column: 6 } },
      { type: 'error', code: 'HTTP142', run_id: null },
      { type: 'error', code: 'RUN101', error: 'A handler failed' },
      { type: 'item', value: 'fine' },
      { type: 'end' },
    ]);
  });

  it('cancels the execution when the client leaves', async () => {
    let cancelled: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (cancelled = resolve));
    async function* run(_: unknown, { signal }: NodeContext) {
      signal.addEventListener('abort', () => cancelled());
      yield 1;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }
    const { url } = await serve([counting({ run: run as never })]);
    const socket = await open(url, '/count');
    const got = messages(socket, 1);
    socket.send('1');
    await got;
    socket.terminate();
    await done;
  });

  it('lets a client go that sends without waiting', async () => {
    const run = () => new Promise<null>(() => undefined);
    const { url } = await serve([
      hostedFlow({ name: 'stuck', run, trigger: { deadline_ms: 5000 } }),
    ]);
    const socket = await open(url, '/stuck');
    for (let i = 0; i < 100; i += 1) socket.send('1');
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, String(reason)]).toEqual([
      1013,
      'The message is not usable: 64 messages wait for their turn.',
    ]);
  });

  it('bounds messages', async () => {
    const trigger = { max_payload_bytes: 100 };
    const { url } = await serve([hostedFlow({ name: 'small', trigger })]);
    const socket = await open(url, '/small');
    socket.send(JSON.stringify('x'.repeat(200)));
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });

  it('is not offered elsewhere, nor to pages of other sites', async () => {
    const { url } = await serve([counting()]);
    const status = async (path: string, origin?: string) => {
      const options = origin === undefined ? {} : { origin };
      const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, options);
      const [, response] = (await once(socket, 'unexpected-response').catch(() => [])) as [
        unknown,
        { statusCode: number },
      ];
      socket.on('error', () => undefined).terminate();
      return response?.statusCode;
    };
    expect(await status('/nothing')).toBe(404);
    expect(await status('/count', 'https://evil.example')).toBe(403);
  });

  it('is closed when the host closes', async () => {
    const { url, host } = await serve([counting()]);
    const socket = await open(url, '/count');
    const closed = once(socket, 'close');
    await host.close();
    expect((await closed)[0]).toBe(1001);
  });
});
