import { flowId, loadFlow, type FlowIR, type NodeIR } from '@basalt/ir';
import { defineFlow, isFlow, t } from './index.js';

const Order = t.Named('Order', t.Object({ id: t.String(), total: t.Number() }));
const Priced = t.Object({ id: t.String(), total: t.Number(), tax: t.Number() });
const options = { version: '1.0.0' } as const;

/** The flow without what depends on the text of this file. */
function plain(ir: FlowIR): FlowIR {
  const nodes = ir.nodes.map(({ source: _source, code_hash: _hash, ...node }) => node as NodeIR);
  return { ...ir, nodes };
}

function node(ir: FlowIR, alias: string): NodeIR {
  return plain(ir).nodes.find((found) => found.alias === alias)!;
}

function checkout() {
  return defineFlow('checkout', { version: '1.0.0', profile: 'web' }, (f) => {
    const request = f.trigger('request', {
      output: Order,
      http: { method: 'post', route: '/checkout' },
      deadlineMs: 2000,
    });
    const price = f.inline('price', {
      input: Order,
      output: Priced,
      run: (order) => ({ ...order, tax: order.total * 0.2 }),
    });
    f.connect(request, price);
    return f.capture(request, price);
  });
}

const id = flowId('checkout', '1.0.0');

const CHECKOUT: FlowIR = {
  id,
  name: 'checkout',
  version: '1.0.0',
  profile: 'web',
  nodes: [
    {
      id: `${id}::request`,
      alias: 'request',
      identifier: 'checkout::request',
      name: 'request',
      kind: 'trigger',
      in_schema: { kind: 'named', name: 'Order' },
      out_schema: { kind: 'named', name: 'Order' },
      effects: 'read_only',
      determinism: 'strict',
      idempotency: {},
      determinismHints: [],
      effectHints: [],
      trigger: {
        kind: 'http',
        method: 'POST',
        route: '/checkout',
        capture: 'price',
        deadline_ms: 2000,
      },
    },
    {
      id: `${id}::price`,
      alias: 'price',
      identifier: 'checkout::price',
      name: 'price',
      kind: 'inline',
      in_schema: { kind: 'named', name: 'Order' },
      out_schema: { kind: 'named', name: 'PriceOutput' },
      effects: 'pure',
      determinism: 'strict',
      idempotency: {},
      determinismHints: [],
      effectHints: [],
    },
  ],
  edges: [
    {
      from: 'request',
      to: 'price',
      delivery: 'at_least_once',
      ordering: 'ordered',
      buffer: {},
    },
  ],
  control_surfaces: [],
  checkpoints: [],
  policies: { lint: { require_control_hints: false } },
  metadata: { tags: [] },
  artifacts: [],
  schemas: {
    Order: {
      type: 'object',
      required: ['id', 'total'],
      properties: { id: { type: 'string' }, total: { type: 'number' } },
    },
    PriceOutput: {
      type: 'object',
      required: ['id', 'total', 'tax'],
      properties: { id: { type: 'string' }, total: { type: 'number' }, tax: { type: 'number' } },
    },
  },
};

describe('the document', () => {
  it('of a small flow, whole', () => {
    const { ir, handlers } = checkout();
    expect(plain(ir)).toEqual(CHECKOUT);
    expect([...handlers.keys()]).toEqual(['checkout::request', 'checkout::price']);
    expect(handlers.get('checkout::price')!({ id: 'a', total: 10 }, {} as never)).toEqual({
      id: 'a',
      total: 10,
      tax: 2,
    });
    expect(handlers.get('checkout::request')!('as it came', {} as never)).toBe('as it came');
  });

  it('is the same bytes every time, and loads unchanged', () => {
    const bytes = JSON.stringify(checkout().ir);
    expect(JSON.stringify(checkout().ir)).toBe(bytes);
    expect(loadFlow(bytes)).toEqual({ flow: checkout().ir, diagnostics: [] });
  });

  it('tells the code and the place of each handler', () => {
    const [request, price] = checkout().ir.nodes;
    expect(request!.code_hash).toBeUndefined();
    expect(price!.code_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(request!.source).toEqual({ file: 'src/define-flow.test.ts', line: 20, column: 23 });
    expect(price!.source).toEqual({ file: 'src/define-flow.test.ts', line: 25, column: 21 });
  });

  it('of a flow with every option of a flow', () => {
    const { ir } = defineFlow(
      'full',
      {
        version: '2.1.0-rc.1',
        profile: 'queue',
        summary: 'everything',
        deadlineMs: 9000,
        tags: ['a', 'b'],
        params: { region: { schema: t.String(), default: 'eu' }, limit: { schema: t.Integer() } },
        policies: { requireControlHints: true, allowMultipleTriggers: true },
        artifacts: [{ kind: 'doc', path: 'README.md', format: 'md' }],
      },
      (f) => {
        f.trigger('start');
        f.checkpoint('half', 'half way');
      },
    );
    expect({ ...plain(ir), nodes: [] }).toEqual({
      id: flowId('full', '2.1.0-rc.1'),
      name: 'full',
      version: '2.1.0-rc.1',
      profile: 'queue',
      summary: 'everything',
      nodes: [],
      edges: [],
      control_surfaces: [],
      checkpoints: [{ id: 'half', summary: 'half way' }],
      policies: { lint: { require_control_hints: true, allow_multiple_triggers: true } },
      metadata: { tags: ['a', 'b'] },
      artifacts: [{ kind: 'doc', path: 'README.md', format: 'md' }],
      params: {
        region: { schema: { type: 'string' }, default: 'eu' },
        limit: { schema: { type: 'integer' } },
      },
      deadline_ms: 9000,
    });
  });

  it('of a node with every option of a node', () => {
    const run = () => undefined;
    const { ir, handlers } = defineFlow('full', options, (f) => {
      f.activity('charge', {
        name: 'Charge the card',
        summary: 'takes the money',
        input: Order,
        effects: 'effectful',
        determinism: 'nondeterministic',
        uses: ['resource::http::write', 'resource::clock', 'resource::kv::read'],
        idempotency: { key: '/id', scope: 'partition', ttlMs: 600_000, fields: ['/total'] },
        timeoutMs: 500,
        retry: {
          maxAttempts: 3,
          backoffMs: 10,
          multiplier: 3,
          maxBackoffMs: 90,
          jitter: 'none',
          owner: 'connector',
        },
        cache: {
          key: '/id',
          tier: 'disk',
          ttlMs: 10,
          invalidateOn: ['resource::kv::write'],
          pin: 'v1',
        },
        checkpoint: { id: 'charged', summary: 'money taken' },
        credentials: ['pay', { name: 'bank', scopes: ['read'] }],
        secrets: ['pay_token'],
        egress: ['pay.example.com'],
        dataClass: 'personal',
        maxOutputBytes: 1000,
        concurrency: { max: 4, batch: 10, batchWaitMs: 5 },
        params: { schema: t.Object({ url: t.String() }), value: { url: 'x' } },
        compensate: { run, timeoutMs: 50, summary: 'gives it back' },
        run,
      });
    });
    const full = flowId('full', '1.0.0');
    expect(node(ir, 'charge')).toEqual({
      id: `${full}::charge`,
      alias: 'charge',
      identifier: 'full::charge',
      name: 'Charge the card',
      kind: 'activity',
      summary: 'takes the money',
      in_schema: { kind: 'named', name: 'Order' },
      out_schema: { kind: 'opaque' },
      effects: 'effectful',
      determinism: 'nondeterministic',
      idempotency: { key: '/id', scope: 'partition', ttlMs: 600_000, fields: ['/total'] },
      determinismHints: ['resource::http', 'resource::clock', 'resource::kv'],
      effectHints: ['resource::http::write', 'resource::kv::read'],
      timeout_ms: 500,
      retry: {
        max_attempts: 3,
        backoff_ms: 10,
        multiplier: 3,
        max_backoff_ms: 90,
        jitter: 'none',
        owner: 'connector',
      },
      cache: {
        tier: 'disk',
        key: '/id',
        ttl_ms: 10,
        invalidate_on: ['resource::kv::write'],
        pin: 'v1',
      },
      compensation: {
        identifier: 'full::charge::compensate',
        timeout_ms: 50,
        summary: 'gives it back',
      },
      concurrency: { max: 4, batch: 10, batch_wait_ms: 5 },
      checkpoint: 'charged',
      secrets: ['pay_token'],
      credentials: [
        { name: 'pay', scopes: [] },
        { name: 'bank', scopes: ['read'] },
      ],
      egress: ['pay.example.com'],
      data_class: 'personal',
      max_output_bytes: 1000,
      params: { url: 'x' },
      params_schema: {
        type: 'object',
        required: ['url'],
        properties: { url: { type: 'string' } },
      },
    });
    expect(ir.checkpoints).toEqual([{ id: 'charged', summary: 'money taken' }]);
    expect([...handlers]).toEqual([
      ['full::charge::compensate', run],
      ['full::charge', run],
    ]);
  });

  it.each([
    [{ cron: '0 * * * *' }, { kind: 'cron', schedule: '0 * * * *' }],
    [{ queue: 'orders' }, { kind: 'queue', queue: 'orders' }],
    [{ event: 'paid' }, { kind: 'event', event: 'paid' }],
    [{}, { kind: 'manual' }],
    [
      { http: { route: '/x' }, respond: 'stream', maxPayloadBytes: 10 },
      { kind: 'http', method: 'POST', route: '/x', respond: 'stream', max_payload_bytes: 10 },
    ],
  ] as const)('of a trigger with %j', (given, expected) => {
    const { ir } = defineFlow('x', options, (f) => void f.trigger('start', given));
    expect(node(ir, 'start').trigger).toEqual(expected);
  });

  it.each([
    [undefined, 'inline', 'pure', 'strict'],
    [undefined, 'activity', 'effectful', 'best_effort'],
    [[], 'activity', 'pure', 'strict'],
    [['resource::clock'], 'inline', 'pure', 'best_effort'],
    [['resource::kv::read'], 'activity', 'read_only', 'best_effort'],
    [['resource::queue::consume'], 'activity', 'read_only', 'best_effort'],
    [['resource::kv::read', 'resource::kv::write'], 'activity', 'effectful', 'best_effort'],
    [['resource::secrets'], 'inline', 'read_only', 'stable'],
    [['resource::log'], 'inline', 'pure', 'strict'],
  ] as const)('ranks a node with uses %j as %s', (uses, kind, effects, determinism) => {
    const { ir } = defineFlow('x', options, (f) => {
      const given = uses === undefined ? {} : { uses };
      f[kind]('n', { ...given, run: () => null });
    });
    expect([node(ir, 'n').effects, node(ir, 'n').determinism]).toEqual([effects, determinism]);
  });

  it('keeps every setting of an edge', () => {
    const { ir } = defineFlow('x', options, (f) => {
      const start = f.trigger('start', { output: Order });
      const end = f.inline('end', { input: Order, run: () => null });
      f.connect(start, end, {
        delivery: 'exactly_once',
        ordering: 'unordered',
        maxItems: 16,
        onDrop: 'fail',
        spill: { tier: 'cold', thresholdBytes: 512 },
        partitionKey: '/id',
        timeoutMs: 1000,
      });
    });
    expect(ir.edges).toEqual([
      {
        from: 'start',
        to: 'end',
        delivery: 'exactly_once',
        ordering: 'unordered',
        buffer: { max_items: 16, spill_threshold_bytes: 512, spill_tier: 'cold', on_drop: 'fail' },
        partition_key: '/id',
        timeout_ms: 1000,
      },
    ]);
  });
});

describe('a subflow', () => {
  it('carries its document, its handlers and its ports', () => {
    const inner = checkout();
    const outer = defineFlow('outer', options, (f) => {
      const start = f.trigger('start', { output: Order });
      const step = f.subflow('step', inner, {
        idempotency: { key: '/id' },
        concurrency: { max: 2 },
      });
      f.connect(start, step);
    });
    expect(outer.ir.subflows).toEqual({ checkout: inner.ir });
    expect(node(outer.ir, 'step')).toMatchObject({
      kind: 'subflow',
      subflow: 'checkout',
      identifier: 'outer::step',
      effects: 'read_only',
      determinism: 'strict',
      idempotency: { key: '/id' },
      concurrency: { max: 2 },
      in_schema: { kind: 'named', name: 'Order' },
      out_schema: { kind: 'named', name: 'StepOutput' },
    });
    expect(outer.ir.schemas!['StepOutput']).toEqual(CHECKOUT.schemas!['PriceOutput']);
    expect([...outer.handlers.keys()]).toEqual([
      'outer::start',
      'checkout::request',
      'checkout::price',
    ]);
    expect(loadFlow(JSON.stringify(outer.ir)).diagnostics).toEqual([]);
  });

  it('may be used twice', () => {
    const inner = checkout();
    const outer = defineFlow('outer', options, (f) => {
      f.subflow('a', inner);
      f.subflow('b', inner);
    });
    expect(Object.keys(outer.ir.subflows!)).toEqual(['checkout']);
  });
});

describe('isFlow', () => {
  it('knows flows of any copy of the package, and nothing else', () => {
    const foreign = Object.defineProperty({}, Symbol.for('basalt.flow'), { value: {} });
    const { ir, handlers } = checkout();
    const given = [checkout(), foreign, { ir, handlers }, null, undefined, 'flow', [], () => null];
    expect(given.map(isFlow)).toEqual([true, true, false, false, false, false, false, false]);
  });
});

it('defines a thousand nodes in one chain', () => {
  const { ir } = defineFlow('long', options, (f) => {
    let last = f.inline('n0', { run: () => 1 });
    for (let i = 1; i < 1000; i++) {
      const next = f.inline(`n${i}`, { run: () => 1 });
      f.connect(last, next);
      last = next as never;
    }
  });
  expect([ir.nodes.length, ir.edges.length]).toEqual([1000, 999]);
});
