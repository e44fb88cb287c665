import { once } from 'node:events';
import { decodeCanonical, encodeCanonical, type Value } from '@basalt/ir';
import { WebSocket } from 'ws';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

afterEach(closeServed);

const File = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    data: { type: 'string', contentEncoding: 'base64' },
  },
  required: ['data'],
};
const named = { kind: 'named', name: 'File' } as const;

/** Turns its bytes around; fails for what is no bytes. */
const reversing = (respond: 'value' | 'stream') =>
  hostedFlow({
    name: 'reverse',
    trigger: { respond },
    triggerNode: { in_schema: named, out_schema: named },
    node: { out_schema: named },
    more: { schemas: { File } },
    run: (input: unknown) => {
      const { data } = input as { data: unknown };
      if (!(data instanceof Uint8Array)) throw new Error('no bytes');
      return { name: 'AQID', data: data.slice().reverse() };
    },
  });
const answered = { name: 'AQID', data: 'AwIB' };

describe('bytes in JSON', () => {
  it('come and go as base64 text where the schemas say so', async () => {
    const { url } = await serve([reversing('value')]);
    const answer = await post(url, '/reverse', { data: 'AQID' });
    expect([answer.status, answer.json()]).toEqual([200, answered]);
    const typed = { 'content-type': 'application/vnd.file+json' };
    const body = JSON.stringify({ data: '' });
    const empty = await send(url, '/reverse', { method: 'POST', headers: typed, body });
    expect(empty.json()).toEqual({ name: 'AQID', data: '' });
  });

  it('are refused where they are no base64', async () => {
    const { url } = await serve([reversing('value')]);
    const answer = await post(url, '/reverse', { data: 'not base64!' });
    expect([answer.status, answer.json()]).toMatchObject([
      400,
      { code: 'RUN116', details: { pointer: '/data' } },
    ]);
  });

  it('stay bytes in CBOR', async () => {
    const { url } = await serve([reversing('value')]);
    const type = 'application/cbor';
    const response = await fetch(`${url}/reverse`, {
      method: 'POST',
      headers: { 'content-type': type, accept: type },
      body: encodeCanonical({ data: new Uint8Array([1, 2]) }),
    });
    const value = decodeCanonical(new Uint8Array(await response.arrayBuffer()));
    expect(value).toEqual({ name: 'AQID', data: new Uint8Array([2, 1]) });
  });

  it.each([
    ['text/event-stream', `data: ${JSON.stringify(answered)}\n`],
    ['application/x-ndjson', `${JSON.stringify(answered)}\n`],
  ])('go as text in %s', async (accept, line) => {
    const { url } = await serve([reversing('stream')]);
    const answer = await post(url, '/reverse', { data: 'AQID' }, { accept });
    expect(answer.text).toContain(line);
  });

  it('come and go as text and as bytes through a WebSocket', async () => {
    const { url } = await serve([reversing('stream')]);
    const ask = async (protocol: string, message: string | Uint8Array) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/reverse`, protocol);
      await once(socket, 'open');
      const answer = once(socket, 'message');
      socket.send(message);
      const [data, isBinary] = (await answer) as [Buffer, boolean];
      socket.terminate();
      return isBinary ? decodeCanonical(data) : (JSON.parse(String(data)) as Value);
    };
    expect(await ask('basalt.json.v1', '{"data":"AQID"}')).toMatchObject({ value: answered });
    expect(await ask('basalt.json.v1', '{"data":"?"}')).toMatchObject({
      code: 'RUN116',
      details: { pointer: '/data' },
    });
    const binary = encodeCanonical({ data: new Uint8Array([1, 2, 3]) });
    expect(await ask('basalt.cbor.v1', binary)).toMatchObject({
      value: { data: new Uint8Array([3, 2, 1]) },
    });
  });

  it('start runs of the viewer, which says where they are no base64', async () => {
    const { url } = await serve([reversing('value')], { viewer: {} });
    const { flows } = (await send(url, '/_flows/api/flows')).json() as { flows: { id: string }[] };
    const start = (data: string) =>
      post(
        url,
        `/_flows/api/flows/${flows[0]!.id}/runs`,
        { payload: { data } },
        { 'x-basalt-viewer': '1' },
      );
    expect((await start('AQID')).status).toBe(202);
    expect((await start('AQI')).json()).toMatchObject({
      code: 'RUN116',
      details: { problems: [{ pointer: '/data', message: 'must be base64 text' }] },
    });
  });
});
