import { loadFlow, SURFACE_KINDS, type FlowIR } from '@basalt/ir';
import { defineFlow, t, via } from './index.js';

const Cart = t.Object({
  ok: t.Boolean(),
  mode: t.Union([t.Literal('fast'), t.Literal('slow')]),
  at: t.Number(),
  items: t.Array(t.String()),
});
const Event = t.Object({ approved: t.Boolean() });

function every(): FlowIR {
  return defineFlow('every', { version: '1.0.0' }, (f) => {
    const cart = f.trigger('cart', { output: Cart });
    const pass = f.inline('pass', { input: Cart, output: Cart, run: (value) => value });
    const other = f.inline('other', { input: Cart, output: Cart, run: (value) => value });
    const item = f.inline('item', { input: t.String(), output: t.Number(), run: (s) => s.length });
    const list = f.inline('list', { input: t.Array(t.Number()), run: (all) => all.length });
    const counted = f.inline('counted', {
      input: t.Windowed(Cart),
      output: Cart,
      run: () => undefined,
    });
    const both = f.inline('both', { input: t.Object({ pass: Cart, other: Cart }), run: () => 1 });
    const decided = f.inline('decided', { input: t.Resumed(Event, Cart), run: () => 1 });
    const expired = f.inline('expired', { input: t.Object({ input: Cart }), run: () => 1 });
    const failed = f.inline('failed', { input: t.Failure(Cart), run: () => 1 });

    f.connect(cart, pass, { maxItems: 2 });
    f.if(cart, '/ok', { then: pass, else: via(other, { timeoutMs: 5 }) });
    f.switch(cart, '/mode', { fast: pass, slow: pass }, { default: other });
    f.forEach(cart, '/items', {
      body: item,
      exit: item,
      collect: list,
      concurrency: 4,
      onError: 'skip',
    });
    f.forEach(pass, '/items', { body: item });
    f.loop(pass, '/ok', { body: pass, exit: other, maxIterations: 3, onExhausted: 'exit' });
    f.window(cart, counted, '/at', {
      sizeMs: 1000,
      allowedLatenessMs: 10,
      type: 'sliding',
      slideMs: 100,
      key: '/mode',
      late: other,
    });
    f.join([pass, other], both, { mode: 'all', timeoutMs: 50 });
    f.merge([cart, pass], other, { order: 'source' });
    f.zip([pass, other], both, { onUneven: 'drop' });
    f.await(cart, decided, {
      checkpoint: 'review',
      summary: 'a person decides',
      correlationKey: '/mode',
      event: Event,
      timeoutMs: 100,
      onTimeout: expired,
    });
    f.rateLimit(pass, { qps: 5, burst: 10 });
    f.timeout([pass, other], { timeoutMs: 10, handler: failed });
    f.errorHandler(pass, { strategy: 'retry', maxRetries: 2, backoffMs: 5, handler: failed });
    f.partition(cart, pass, '/mode');
  }).ir;
}

describe('control surfaces', () => {
  const ir = every();
  const surface = (id: string) => ir.control_surfaces.find((found) => found.id === id);

  it('covers every kind', () => {
    const kinds = new Set(ir.control_surfaces.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...SURFACE_KINDS].sort());
  });

  it('is a document that loads unchanged', () => {
    expect(loadFlow(JSON.stringify(ir))).toEqual({ flow: ir, diagnostics: [] });
  });

  it.each([
    [
      'if:cart:0',
      ['cart', 'pass', 'other'],
      { v: 1, source: 'cart', selector_pointer: '/ok', then: 'pass', else: 'other' },
    ],
    [
      'switch:cart:0',
      ['cart', 'pass', 'other'],
      {
        v: 1,
        source: 'cart',
        selector_pointer: '/mode',
        cases: { fast: 'pass', slow: 'pass' },
        default: 'other',
      },
    ],
    [
      'for_each:cart:0',
      ['cart', 'item', 'list'],
      {
        v: 1,
        source: 'cart',
        items_pointer: '/items',
        body_entry: 'item',
        body_exit: 'item',
        collect: 'list',
        concurrency: 4,
        on_error: 'skip',
      },
    ],
    [
      'for_each:pass:0',
      ['pass', 'item'],
      {
        v: 1,
        source: 'pass',
        items_pointer: '/items',
        body_entry: 'item',
        concurrency: 1,
        on_error: 'fail',
      },
    ],
    [
      'loop:pass:0',
      ['pass', 'other'],
      {
        v: 1,
        source: 'pass',
        selector_pointer: '/ok',
        body_entry: 'pass',
        exit: 'other',
        max_iterations: 3,
        on_exhausted: 'exit',
      },
    ],
    [
      'window:counted:0',
      ['counted', 'other'],
      {
        v: 1,
        event_time_pointer: '/at',
        size_ms: 1000,
        allowed_lateness_ms: 10,
        watermark: 'max_event_time',
        target: 'counted',
        type: 'sliding',
        slide_ms: 100,
        key_pointer: '/mode',
        late: 'other',
      },
    ],
    [
      'join:both:0',
      ['pass', 'other', 'both'],
      { v: 1, target: 'both', sources: ['pass', 'other'], mode: 'all', timeout_ms: 50 },
    ],
    [
      'merge:other:0',
      ['cart', 'pass', 'other'],
      { v: 1, target: 'other', sources: ['cart', 'pass'], order: 'source' },
    ],
    [
      'zip:both:0',
      ['pass', 'other', 'both'],
      { v: 1, target: 'both', sources: ['pass', 'other'], on_uneven: 'drop' },
    ],
    [
      'await:cart:0',
      ['cart', 'decided', 'expired'],
      {
        v: 1,
        checkpoint_id: 'review',
        correlation_key: '/mode',
        source: 'cart',
        target: 'decided',
        timeout_ms: 100,
        on_timeout: 'expired',
        event_schema: {
          type: 'object',
          required: ['approved'],
          properties: { approved: { type: 'boolean' } },
        },
      },
    ],
    ['rate_limit:pass:0', ['pass'], { v: 1, target: 'pass', qps: 5, burst: 10 }],
    [
      'timeout:pass:0',
      ['pass', 'other', 'failed'],
      { v: 1, nodes: ['pass', 'other'], timeout_ms: 10, handler: 'failed' },
    ],
    [
      'error_handler:pass:0',
      ['pass', 'failed'],
      {
        v: 1,
        scope: { nodes: ['pass'] },
        strategy: 'retry',
        max_retries: 2,
        backoff_ms: 5,
        handler: 'failed',
      },
    ],
    [
      'partition:cart:0',
      ['cart', 'pass'],
      { v: 1, edge: { from: 'cart', to: 'pass' }, key: '/mode' },
    ],
  ])('%s', (id, targets, config) => {
    expect(surface(id)).toEqual({ id, kind: id.split(':')[0], targets, config });
  });

  it('makes the edges that are missing, once, with the settings of via', () => {
    const edges = ir.edges.map(({ from, to, buffer, timeout_ms: ms }) =>
      [`${from} -> ${to}`, buffer.max_items, ms].filter((part) => part !== undefined),
    );
    expect(edges).toEqual([
      ['cart -> pass', 2],
      ['cart -> other', 5],
      ['cart -> item'],
      ['item -> list'],
      ['pass -> item'],
      ['pass -> pass'],
      ['pass -> other'],
      ['cart -> counted'],
      ['counted -> other'],
      ['pass -> both'],
      ['other -> both'],
      ['cart -> decided'],
      ['cart -> expired'],
      ['pass -> failed'],
      ['other -> failed'],
    ]);
  });

  it('declares the checkpoint of an await', () => {
    expect(ir.checkpoints).toEqual([{ id: 'review', summary: 'a person decides' }]);
  });

  it('counts surfaces of one kind at one node', () => {
    const { ir: twice } = defineFlow('twice', { version: '1.0.0' }, (f) => {
      const a = f.inline('a', { run: () => 1 });
      f.rateLimit(a, { qps: 1, burst: 1 });
      f.rateLimit(a, { qps: 2, burst: 1 });
    });
    expect(twice.control_surfaces.map(({ id }) => id)).toEqual([
      'rate_limit:a:0',
      'rate_limit:a:1',
    ]);
  });

  it('refuses two settings for one edge', () => {
    expect(() =>
      defineFlow('x', { version: '1.0.0' }, (f) => {
        const [a, b] = [f.inline('a', { run: () => 1 }), f.inline('b', { run: () => 1 })];
        f.connect(a, b);
        f.if(a, '/ok', { then: via(b, { maxItems: 1 }), else: b });
      }),
    ).toThrow('DAG207: via of the edge a -> b is set more than once.');
  });
});
