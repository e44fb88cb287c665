import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeContext } from '@basalt/executor';
import { decodeCanonical, encodeCanonical } from '@basalt/ir';
import { createHttpHost } from '../create-http-host.js';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

afterEach(closeServed);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const json = { 'content-type': 'application/json' };
const schemas = {
  Message: {
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
    additionalProperties: false,
  },
  Bytes: { type: 'string', contentEncoding: 'base64' },
};
const takes = (name: keyof typeof schemas) => {
  const named = { kind: 'named', name } as const;
  return { triggerNode: { in_schema: named, out_schema: named }, more: { schemas } };
};

describe('invocation', () => {
  it('runs the flow and names the execution in a header', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const answer = await post(url, '/echo', { text: 'a', list: [1, 2.5, null] });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['x-basalt-run-id']).toMatch(UUID);
    expect(answer.json()).toEqual({ text: 'a', list: [1, 2.5, null] });
  });

  it('tells nodes about the request, and withholds credentials', async () => {
    const run = (_: unknown, { metadata, runId }: NodeContext) => ({
      ...metadata,
      runId,
    });
    const flow = hostedFlow({ name: 'meta', trigger: { route: '/meta/{id}' }, run });
    const { url } = await serve([flow]);
    const answer = await send(url, '/meta/7?a=1&b=%20x&a=2', {
      method: 'POST',
      headers: {
        ...json,
        'x-event-id': 'e1',
        'idempotency-key': 'k1',
        'x-list': ['p', 'q'],
        authorization: 'Bearer secret',
        cookie: 'sid=1',
      },
      body: '{}',
    });
    const runId = answer.headers['x-basalt-run-id'];
    const { host } = new URL(url);
    expect(answer.json()).toEqual({
      runId,
      labels: {
        'lf.run_id': runId,
        'lf.flow_id': flow.bundle.ir.id,
        'lf.trigger_alias': 'trigger',
        'lf.capture_alias': 'respond',
        'http.method': 'POST',
        'http.path': '/meta/7',
        'http.version': '1.1',
        'http.host': host,
        'http.query_raw': 'a=1&b=%20x&a=2',
        'lf.event_id': 'e1',
        'lf.idem_key': 'k1',
      },
      extensions: {
        'http.headers': {
          'content-type': ['application/json'],
          'x-event-id': ['e1'],
          'idempotency-key': ['k1'],
          'x-list': ['p', 'q'],
          host: [host],
          connection: ['close'],
          'content-length': ['2'],
        },
        'http.query': { a: ['1', '2'], b: [' x'] },
        'http.params': { id: '7' },
      },
    });
  });

  it('takes an empty body for null', async () => {
    const get = hostedFlow({ name: 'get', trigger: { method: 'GET' } });
    const { url } = await serve([get, hostedFlow({ name: 'echo' })]);
    expect((await send(url, '/get')).text).toBe('null');
    expect((await send(url, '/echo', { method: 'POST' })).text).toBe('null');
    expect((await send(url, '/echo', { method: 'POST', headers: json })).text).toBe('null');
    const head = await send(url, '/get', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('reads and writes CBOR', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const value = { big: 2n ** 70n, bytes: new Uint8Array([1, 2]), n: 1.5 };
    const answer = await fetch(`${url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/cbor', accept: 'application/cbor' },
      body: encodeCanonical(value),
    });
    expect(answer.headers.get('content-type')).toBe('application/cbor');
    expect(decodeCanonical(new Uint8Array(await answer.arrayBuffer()))).toEqual(value);
  });

  it.each<[string, Uint8Array | string, object]>([
    ['application/cbor', new Uint8Array([0x18, 0x01]), { offset: 0 }],
    ['application/cbor', encodeCanonical({ a: [{ $http: 1 }] }), { pointer: '/a/0/$http' }],
    ['application/json', '{"a":', { line: 1, column: 6 }],
    ['application/json', '{"a":{"__proto__":{"x":1}}}', { pointer: '/a/__proto__' }],
    ['application/json', '{"a":1,"b":{"a":1,"a":2}}', { pointer: '/b/a', line: 1, column: 19 }],
    ['application/json', '{"constructor":{"prototype":1}}', { pointer: '/constructor' }],
    ['application/json', new Uint8Array([0x22, 0xc3, 0x28, 0x22]), { offset: 1 }],
    ['application/json', '['.repeat(300) + ']'.repeat(300), {}],
  ])('refuses a malformed body of %s', async (type, body, details) => {
    let called = false;
    const run = () => (called = true);
    const { url } = await serve([hostedFlow({ name: 'echo', run })]);
    const answer = await send(url, '/echo', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'HTTP110', details, run_id: null });
    expect(called).toBe(false);
  });

  it('takes other types as bytes only where the trigger takes bytes', async () => {
    const run = (input: Uint8Array) => ({ length: input.length });
    const { url } = await serve([
      hostedFlow({ name: 'bytes', run, ...takes('Bytes') }),
      hostedFlow({ name: 'text', ...takes('Message') }),
    ]);
    const headers = { 'content-type': 'image/png' };
    const body = new Uint8Array([1, 2, 3]);
    const taken = await send(url, '/bytes', { method: 'POST', headers, body });
    expect([taken.status, taken.json()]).toEqual([200, { length: 3 }]);
    const refused = await send(url, '/text', { method: 'POST', headers, body });
    expect([refused.status, refused.json()]).toEqual([
      415,
      {
        error: 'The trigger trigger does not take the content type "image/png".',
        code: 'HTTP124',
        details: {},
        run_id: null,
      },
    ]);
  });

  it('checks the payload before it runs', async () => {
    const { url } = await serve([hostedFlow({ name: 'text', ...takes('Message') })]);
    const answer = await post(url, '/text', { text: 5 });
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        error: 'The payload does not match the schema of trigger trigger: /text must be string.',
        code: 'RUN116',
        details: { pointer: '/text' },
        run_id: null,
      },
    ]);
    expect(answer.headers['x-basalt-run-id']).toBeUndefined();
  });

  it('answers other methods and paths with what there is', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const wrong = await send(url, '/echo', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'OPTIONS, POST']);
    expect(wrong.json()).toMatchObject({ code: 'HTTP122', run_id: null });
    expect((await send(url, '/echo')).status).toBe(405);
    const options = await send(url, '/echo', { method: 'OPTIONS' });
    expect([options.status, options.headers.allow]).toEqual([204, 'OPTIONS, POST']);
    const unknown = await post(url, '/Echo', {});
    expect([unknown.status, unknown.json()]).toMatchObject([404, { code: 'HTTP121' }]);
  });

  it('bounds the body', async () => {
    const small = hostedFlow({ name: 'small', trigger: { max_payload_bytes: 10 } });
    const { url } = await serve([small, hostedFlow({ name: 'echo' })]);
    const answer = await post(url, '/small', 'x'.repeat(20));
    expect([answer.status, answer.json()]).toMatchObject([413, { code: 'HTTP123' }]);
    expect((await post(url, '/echo', 'x'.repeat(1024 * 1024))).status).toBe(413);
    expect((await post(url, '/echo', 'x'.repeat(1000_000))).status).toBe(200);
  });

  it('answers 202 at once where the trigger asks for no result', async () => {
    let finish: (value: string) => void = () => undefined;
    const done = new Promise<string>((resolve) => (finish = resolve));
    const run = async (input: string) => {
      await sleep(20);
      finish(input);
    };
    const flow = hostedFlow({ name: 'later', trigger: { respond: 'accepted' }, run });
    const { url } = await serve([flow]);
    const answer = await post(url, '/later', 'go');
    expect(answer.status).toBe(202);
    expect(answer.json()).toEqual({ run_id: answer.headers['x-basalt-run-id'] });
    expect(await done).toBe('go');
  });
});

describe('failures', () => {
  it('maps the deadline to 504', async () => {
    const run = (_: unknown, { signal }: NodeContext) =>
      new Promise<null>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('late'))),
      );
    const { url } = await serve([hostedFlow({ name: 'slow', trigger: { deadline_ms: 20 }, run })]);
    const answer = await post(url, '/slow', null);
    expect([answer.status, answer.json()]).toEqual([
      504,
      {
        error: 'The execution took longer than its limit of 20 ms.',
        code: 'TIME015',
        details: {},
        run_id: answer.headers['x-basalt-run-id'],
      },
    ]);
  });

  it('names missing capabilities', async () => {
    const node = {
      effects: 'read_only',
      determinism: 'best_effort',
      effectHints: ['resource::kv::read'],
      determinismHints: ['resource::kv::read'],
    } as const;
    const { url } = await serve([hostedFlow({ name: 'kv', node })]);
    const answer = await post(url, '/kv', null);
    expect([answer.status, answer.json()]).toMatchObject([
      500,
      { code: 'CAP101', details: { hints: ['resource::kv::read'] } },
    ]);
  });

  it('says nothing of the inside unless asked', async () => {
    const run = () => {
      throw new Error('password is hunter2');
    };
    const flows = [hostedFlow({ name: 'bad', run })];
    const closed = await serve(flows);
    const answer = await post(closed.url, '/bad', null);
    expect([answer.status, answer.json()]).toEqual([
      500,
      {
        error: 'A handler failed',
        code: 'RUN101',
        details: {},
        run_id: answer.headers['x-basalt-run-id'],
      },
    ]);
    const open = await serve(flows, { exposeErrors: true });
    expect((await post(open.url, '/bad', null)).text).toContain('hunter2');
  });

  it('cancels the execution when the caller goes away', async () => {
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const cancelled = new Promise<unknown>((resolve) => {
      const run = (_: unknown, { signal }: NodeContext) => {
        begun();
        return new Promise<null>((done) =>
          signal.addEventListener('abort', () => {
            resolve(signal.reason);
            done(null);
          }),
        );
      };
      void serve([hostedFlow({ name: 'hang', run })]).then(async ({ url }) => {
        const leave = new AbortController();
        void running.then(() => leave.abort());
        await fetch(`${url}/hang`, { method: 'POST', signal: leave.signal }).catch(() => undefined);
      });
    });
    expect(String(await cancelled)).toContain('its caller went away');
  });

  it('refuses to start with every finding at once', async () => {
    const flows = [
      hostedFlow({ name: 'a', trigger: { route: '/x/:id' } }),
      hostedFlow({ name: 'b', trigger: { route: '/x/{key}' } }),
      hostedFlow({ name: 'b', trigger: { route: '/healthz' } }),
    ];
    const codes = await createHttpHost(flows).then(
      () => [],
      (error: { diagnostics: { code: string; message: string }[] }) =>
        error.diagnostics.map(({ code, message }) => [code, message]),
    );
    expect(codes).toEqual([
      ['HTTP101', 'Flows a and b both claim POST /x/:key.'],
      ['HTTP102', 'Flow b in version 1.0.0 is given more than once.'],
      ['HTTP103', 'Flow b cannot be served at POST /healthz: the host uses this path itself.'],
    ]);
  });
});

describe('answers of a flow', () => {
  const answering = (answer: unknown) => hostedFlow({ name: 'answer', run: () => answer as never });

  it('set status, headers and a binary body', async () => {
    const headers = { 'content-type': 'image/png', 'set-cookie': ['a=1', 'b=2'], etag: '"x"' };
    const body = new Uint8Array([0, 255, 10]);
    const { url } = await serve([answering({ $http: { status: 201, headers, body } })]);
    const answer = await fetch(`${url}/answer`, { method: 'POST' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('etag')).toBe('"x"');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body);
  });

  it.each([
    [{ headers: { location: 'x\r\nset-cookie: a=1' } }],
    [{ headers: { 'bad name': 'x' } }],
    [{ headers: { 'content-length': '5' } }],
    [{ headers: { 'Transfer-Encoding': 'chunked' } }],
    [{ headers: { 'x-basalt-run-id': 'forged' } }],
    [{ status: 99 }],
    [{ status: 200.5 }],
    [{ statis: 200 }],
    ['text'],
  ])('are refused where HTTP cannot carry them: %j', async (envelope) => {
    const { url } = await serve([answering({ $http: envelope })]);
    const answer = await post(url, '/answer', null);
    expect([answer.status, answer.json()]).toMatchObject([500, { code: 'HTTP140', details: {} }]);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('cannot be forged by a caller whose input is echoed', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const answer = await post(url, '/echo', { $http: { status: 302 } });
    expect([answer.status, answer.json()]).toMatchObject([
      400,
      { code: 'HTTP110', details: { pointer: '/$http' } },
    ]);
  });
});
