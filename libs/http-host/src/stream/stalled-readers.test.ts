// Readers that take nothing while something waits for them are cut off; slow ones are not.
import { connect } from 'node:net';
import { countingFlow, startCount, until } from '../testing/counting-flow.js';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { send } from '../testing/raw-client.js';

afterEach(closeServed);

describe('a reader that takes nothing', () => {
  const block = 'x'.repeat(64 * 1024);

  it('is cut off from its stream, which is cancelled', async () => {
    let isCancelled = false;
    async function* run(_: unknown, { signal }: { signal: AbortSignal }) {
      signal.addEventListener('abort', () => (isCancelled = true));
      for (;;) yield block;
    }
    const flow = hostedFlow({ name: 'flood', trigger: { respond: 'stream' }, run: run as never });
    const { url } = await serve([flow], { resumeGraceMs: 0, stallTimeoutMs: 100 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    socket.write('POST /flood HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n');
    await until(() => isCancelled);
    socket.destroy();
  });

  it('is cut off from a value', async () => {
    const flow = hostedFlow({ name: 'large', run: () => block.repeat(512) });
    const { url, host } = await serve([flow], { stallTimeoutMs: 100 });
    let closed = 0;
    host.app.server.on('connection', (socket) => socket.once('close', () => (closed += 1)));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    socket.write('POST /large HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n');
    await until(() => closed === 1);
    socket.destroy();
  });

  it('gets all of it where it is no more than slow', async () => {
    const flow = hostedFlow({ name: 'large', run: () => block.repeat(512) });
    const { url } = await serve([flow], { stallTimeoutMs: 2000 });
    const response = await fetch(`${url}/large`, { method: 'POST' });
    let size = 0;
    let pauses = 0;
    for await (const chunk of response.body!) {
      size += (chunk as Uint8Array).length;
      pauses += 1;
      if (pauses <= 250) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(size).toBe(512 * block.length + 2);
    const idle = await send(url, '/healthz');
    expect(idle.status).toBe(200);
  });

  it('does not mind a stream that is silent for longer', async () => {
    const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 120));
    const { url } = await serve([countingFlow('count', slow).flow], { stallTimeoutMs: 20 });
    const response = await startCount(url, 3, { accept: 'application/x-ndjson' });
    expect(await response.text()).toBe('1\n2\n3\n');
    const alive = await send(url, '/healthz');
    expect(alive.status).toBe(200);
  });
});
