import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretStore } from '@basalt/capabilities';
import { Validator } from '@seriousme/openapi-schema-validator';
import { memoryJournal } from '@basalt/journal';
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import type { HttpHostOptions } from '../host-options.js';
import type { HostedFlow } from '../hosted-flow.js';
import { awaitingFlow } from '../testing/awaiting-flow.js';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

afterEach(closeServed);

const RUN_PATHS = ['/_runs/{id}', '/_runs/{id}/events', '/_runs/{id}/cancel'];

// Parsed JSON of a known form; the shape is what the tests are about.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Document = any;

async function documentOf(flows: HostedFlow[], options: HttpHostOptions = {}): Promise<Document> {
  const { url } = await serve(flows, options);
  const answer = await send(url, '/_flows/openapi.json');
  expect([answer.status, answer.headers['content-type']]).toEqual([
    200,
    'application/json; charset=utf-8',
  ]);
  const validation = await new Validator().validate(answer.json() as Document);
  expect(validation).toEqual({ valid: true });
  return answer.json();
}

const Order = {
  type: 'object',
  required: ['lines'],
  properties: { lines: { type: 'array', items: { $ref: 'Line' } } },
};
const orders = () =>
  hostedFlow({
    name: 'orders',
    trigger: {
      method: 'PUT',
      route: '/shops/{shop}/orders/{id}',
      deadline_ms: 250,
      capture: 'respond',
    },
    triggerNode: {
      in_schema: { kind: 'named', name: 'Order' },
      out_schema: { kind: 'named', name: 'Order' },
      summary: 'Takes an order',
    },
    node: {
      in_schema: { kind: 'named', name: 'Order' },
      out_schema: { kind: 'named', name: 'Receipt' },
    },
    more: {
      summary: 'Orders of shops',
      schemas: { Order, Line: { type: 'string' }, Receipt: { type: 'object' } },
    },
  });

describe('the OpenAPI document', () => {
  it('names the deadline that the host sets in place of those of the triggers', async () => {
    const { paths } = await documentOf([orders(), hostedFlow({ name: 'any' })], {
      deadlineMs: 60_000,
    });
    const deadlines = [paths['/shops/{shop}/orders/{id}'].put, paths['/any'].post].map(
      (operation) => operation['x-basalt-deadline-ms'],
    );
    expect(deadlines).toEqual([60_000, 60_000]);
  });

  it('describes a route with its schemas and its limits', async () => {
    const document = await documentOf([orders()], {
      operations: { title: 'Shops', version: '2.0.0' },
    });
    expect([document.openapi, document.info]).toEqual([
      '3.1.1',
      { title: 'Shops', version: '2.0.0' },
    ]);
    expect(Object.keys(document.paths)).toEqual(['/shops/{shop}/orders/{id}', ...RUN_PATHS]);
    const { put, ...others } = document.paths['/shops/{shop}/orders/{id}'];
    expect(others).toEqual({});
    const ref = (name: string) => ({ $ref: `#/components/schemas/orders.${name}` });
    expect(put.operationId).toBe('orders.trigger');
    expect([put.description, put['x-basalt-deadline-ms'], put.security]).toEqual([
      'Takes an order',
      250,
      [],
    ]);
    expect(put.parameters.map((p: { name: string }) => p.name)).toEqual(['shop', 'id']);
    expect(put.requestBody).toEqual({
      content: {
        'application/json': { schema: ref('Order') },
        'application/cbor': { schema: ref('Order') },
      },
      required: true,
    });
    expect(put.responses['200'].content['application/json'].schema).toEqual(ref('Receipt'));
    expect(Object.keys(put.responses['200'].headers)).toEqual(['x-basalt-run-id']);
    expect(Object.keys(put.responses)).toEqual([
      '200',
      '400',
      '413',
      '415',
      '429',
      '500',
      '503',
      '504',
    ]);
    expect(put.responses['504'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/Error',
    });
    expect(Object.keys(put.responses['503'].headers)).toEqual(['retry-after']);
    expect(document.components.schemas['orders.Order'].properties.lines.items).toEqual(ref('Line'));
    expect(document.tags).toEqual([
      { name: 'orders', description: 'Orders of shops' },
      { name: 'runs', description: 'Runs by their id' },
    ]);
  });

  it('describes streams, acceptances and requests without a body', async () => {
    const document = await documentOf([
      hostedFlow({ name: 'ticks', trigger: { method: 'GET', respond: 'stream' } }),
      hostedFlow({ name: 'later', trigger: { respond: 'accepted' } }),
    ]);
    const { get } = document.paths['/ticks'];
    expect(Object.keys(get.responses['200'].content)).toEqual([
      'text/event-stream',
      'application/x-ndjson',
    ]);
    expect(get).not.toHaveProperty('requestBody');
    expect(Object.keys(document.paths['/later'].post.responses)[0]).toBe('202');
  });

  it('says who may call', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'openapi-'));
    const tokenFile = join(dir, 't.json');
    const sha256 = createHash('sha256').update('t').digest('hex');
    writeFileSync(
      tokenFile,
      JSON.stringify({ tokens: [{ name: 'n', sha256, scopes: ['flow:a:view'] }] }),
    );
    const secrets = secretStore({ allow: ['HOOK'], values: { HOOK: 'secret-value' } });
    const flows = [
      hostedFlow({ name: 'a' }),
      hostedFlow({ name: 'hook', capabilities: { secrets } }),
    ];
    const webhooks = [{ flow: 'hook', secret: 'HOOK', header: 'X-Sig' }];
    const { url } = await serve(flows, { security: { tokenFile, webhooks } });
    rmSync(dir, { recursive: true });
    expect((await send(url, '/_flows/openapi.json')).status).toBe(401);
    const answer = await send(url, '/_flows/openapi.json', {
      headers: { authorization: 'Bearer t' },
    });
    expect(await new Validator().validate(answer.json() as Document)).toEqual({ valid: true });
    const document = answer.json() as Document;
    expect(document.components.securitySchemes).toEqual({
      bearer: { type: 'http', scheme: 'bearer' },
      'signature.X-Sig': {
        type: 'apiKey',
        in: 'header',
        name: 'X-Sig',
        description: 'HMAC-SHA-256 of the raw body',
      },
    });
    expect([document.paths['/a'].post.security, document.paths['/hook'].post.security]).toEqual([
      [{ bearer: [] }],
      [{ 'signature.X-Sig': [] }],
    ]);
    expect(Object.keys(document.paths['/a'].post.responses)).toContain('401');
    expect(answer.text).not.toContain('secret-value');
  });

  it('holds for a host without flows', async () => {
    expect(Object.keys((await documentOf([])).paths)).toEqual(RUN_PATHS);
  });

  it('describes runs by their id, as they are', async () => {
    const journal = memoryJournal();
    const document = await documentOf([awaitingFlow('ask')], { journal });
    const { url } = await serve([awaitingFlow('ask')], { journal });
    const begun = await post(url, '/ask', { id: 'e-1' });
    const place = String(begun.headers.location);
    const matches = new Ajv({ strict: false }).compile(document.components.schemas.Run);
    const state = async () => (await send(url, place)).json() as { status: string };
    while ((await state()).status !== 'waiting') expect(matches(await state())).toBe(true);
    expect(matches(await state())).toBe(true);
    const event = document.paths['/_runs/{id}/events'].post;
    expect(Object.keys(event.responses)).toEqual(['202', '400', '404', '409']);
    const given = { checkpoint: 'approval', key: 'e-1', payload: { approved: true } };
    const { schema } = event.requestBody.content['application/json'];
    expect(new Ajv({ strict: false }).validate(schema, given)).toBe(true);
    const taken = await post(url, `${place}/events`, given);
    const answer = event.responses['202'].content['application/json'].schema;
    expect(new Ajv({ strict: false }).validate(answer, taken.json())).toBe(true);
    while ((await state()).status !== 'completed') expect(matches(await state())).toBe(true);
    expect(matches(await state())).toBe(true);
  });
});
