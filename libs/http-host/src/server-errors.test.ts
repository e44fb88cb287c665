import { connect } from 'node:net';
import { closeServed, hostedFlow, serve } from './testing/hosted-flows.js';

afterEach(closeServed);

/** Sends bytes as they are and gives all that comes back until the connection ends. */
function exchange(url: string, ...parts: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
  });
}

function shown(answer: string): [string, unknown] {
  const [head, body] = answer.split('\r\n\r\n') as [string, string];
  return [head.split('\r\n')[0]!, JSON.parse(body)];
}

const flows = [hostedFlow({ name: 'echo' })];

describe('requests that are none', () => {
  it.each([
    ['GARBAGE\r\n\r\n'],
    [
      'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello',
    ],
    [
      'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['POST /echo HTTP/1.1\r\nhost: localhost\r\nbad header: x\r\n\r\n'],
  ])('get 400 and the envelope', async (text) => {
    const { url } = await serve(flows);
    expect(shown(await exchange(url, text))).toEqual([
      'HTTP/1.1 400 Bad Request',
      {
        error: 'The request cannot be read: it is not valid HTTP/1.1.',
        code: 'HTTP120',
        details: {},
        run_id: null,
      },
    ]);
  });

  it('get 431 for headers without end', async () => {
    const { url } = await serve(flows, { maxHeaderBytes: 2048 });
    const text = `GET /echo HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(4096)}\r\n\r\n`;
    expect(shown(await exchange(url, text))).toMatchObject([
      'HTTP/1.1 431 Request Header Fields Too Large',
      { code: 'HTTP126', error: 'The headers are larger than the limit of 2048 bytes.' },
    ]);
  });

  it('get 408 when headers or body do not come', async () => {
    const { url } = await serve(flows, { headersTimeoutMs: 100, requestTimeoutMs: 200 });
    const slow = 'POST /echo HTTP/1.1\r\nhost: localhost\r\n';
    const cut = `${slow}content-type: application/json\r\ncontent-length: 100\r\n\r\n{`;
    const answers = await Promise.all([exchange(url, slow), exchange(url, cut)]);
    expect(answers.map(shown)).toMatchObject([
      ['HTTP/1.1 408 Request Timeout', { code: 'HTTP125' }],
      ['HTTP/1.1 408 Request Timeout', { code: 'HTTP125' }],
    ]);
  });

  it('get 426 for an upgrade to anything but WebSocket', async () => {
    const { url } = await serve(flows);
    const head = 'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n';
    const text = `${head}connection: upgrade\r\nupgrade: h2c\r\n\r\n{}`;
    expect(shown(await exchange(url, text))).toEqual([
      'HTTP/1.1 426 Upgrade Required',
      {
        error: '/echo cannot be used with "h2c".',
        code: 'HTTP127',
        details: {},
        run_id: null,
      },
    ]);
  });

  it('get 400 for a path with a broken escape', async () => {
    const { url } = await serve(flows);
    const text = 'GET /%ZZ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
    expect(shown(await exchange(url, text))).toMatchObject([
      'HTTP/1.1 400 Bad Request',
      { code: 'HTTP120', run_id: null },
    ]);
  });
});
