// Control surfaces: what may be selected, and what reaches the nodes behind them.
import { defineFlow, t } from '../../src/index.js';

const Cart = t.Object({
  ok: t.Boolean(),
  mode: t.Union([t.Literal('fast'), t.Literal('slow')]),
  at: t.Number(),
  items: t.Array(t.Object({ sku: t.String(), count: t.Integer() })),
  inner: t.Object({ again: t.Boolean(), 'a/b': t.Boolean() }),
  maybe: t.Optional(t.Boolean()),
});
const Item = t.Object({ sku: t.String(), count: t.Integer() });
const Stock = t.Object({ sku: t.String(), left: t.Integer() });
const Event = t.Object({ approved: t.Boolean() });

export const surfaces = defineFlow('surfaces', { version: '1.0.0' }, (f) => {
  const cart = f.trigger('cart', { output: Cart });
  const pass = f.inline('pass', { input: Cart, output: Cart, run: (value) => value });
  const text = f.inline('text', { input: t.String(), output: t.String(), run: (value) => value });
  const stock = f.inline('stock', {
    input: Item,
    output: Stock,
    run: ({ sku, count }) => ({ sku, left: 10 - count }),
  });
  const list = f.inline('list', { input: t.Array(Stock), run: (all) => all.length });

  f.if(cart, '/ok', { then: pass, else: pass });
  f.if(cart, '/inner/again', { then: pass, else: pass });
  f.if(cart, '/inner/a~1b', { then: pass, else: pass });
  // fails: TS2345 Argument of type '"/mode"' is not assignable to parameter of type
  f.if(cart, '/mode', { then: pass, else: pass });
  // fails: TS2345 Argument of type '"/maybe"' is not assignable to parameter of type
  f.if(cart, '/maybe', { then: pass, else: pass });
  // fails: TS2345 Argument of type '"ok"' is not assignable to parameter of type
  f.if(cart, 'ok', { then: pass, else: pass });
  // fails: TS2322 Type 'FlowNode<"text", string, string>' is not assignable
  f.if(cart, '/ok', { then: pass, else: text });
  // fails: TS2345 Property 'else' is missing
  f.if(cart, '/ok', { then: pass });

  f.switch(cart, '/mode', { fast: pass, slow: pass });
  f.switch(cart, '/items/0/sku', { anything: pass }, { default: pass });
  // fails: TS2353 'medium' does not exist in type
  f.switch(cart, '/mode', { fast: pass, medium: pass });
  // fails: TS2322 Type 'FlowNode<"text", string, string>' is not assignable
  f.switch(cart, '/mode', { fast: text });

  f.forEach(cart, '/items', { body: stock, exit: stock, collect: list, concurrency: 4 });
  f.forEach(cart, '/items', { body: stock });
  // fails: TS2322 Type 'FlowNode<"pass",
  f.forEach(cart, '/items', { body: pass });
  // fails: TS2345 Argument of type '"/ok"' is not assignable to parameter of type
  f.forEach(cart, '/ok', { body: stock });
  // fails: TS2322 Type 'FlowNode<"text", string, string>' is not assignable
  f.forEach(cart, '/items', { body: stock, exit: stock, collect: text });

  f.loop(pass, '/inner/again', { body: pass, exit: pass, maxIterations: 3 });
  // fails: TS2345 Property 'maxIterations' is missing
  f.loop(pass, '/inner/again', { body: pass, exit: pass });

  const counted = f.inline('counted', {
    input: t.Windowed(Cart),
    output: t.Number(),
    run: ({ items, start_ms }) => items.length + start_ms,
  });
  f.window(cart, counted, '/at', { sizeMs: 1000, key: '/mode', late: pass });
  // fails: TS2345 Argument of type '"/mode"' is not assignable to parameter of type
  f.window(cart, counted, '/mode', { sizeMs: 1000 });
  // fails: TS2345 Argument of type 'FlowNode<"text", string, string>' is not assignable
  f.window(cart, text, '/at', { sizeMs: 1000 });

  const both = f.inline('both', {
    input: t.Object({ pass: Cart, stock: Stock }),
    run: ({ pass: left, stock: right }) => left.items.length + right.left,
  });
  const some = f.inline('some', {
    input: t.Object({ pass: t.Optional(Cart), stock: t.Optional(Stock) }),
    run: ({ pass: left }) => left?.items.length ?? 0,
  });
  f.join([pass, stock], both);
  f.join([pass, stock], some, { mode: 'available', timeoutMs: 50 });
  f.zip([pass, stock], both);
  // fails: TS2345 Argument of type 'FlowNode<"both",
  f.join([pass, text], both);
  // fails: TS2345 Argument of type 'FlowNode<"both",
  f.join([pass, stock], both, { mode: 'available' });
  // fails: TS2345 Argument of type 'FlowNode<"both",
  f.zip([pass, text], both);

  f.merge([pass, cart], pass);
  // fails: TS2322 is not assignable to type 'Source<
  f.merge([pass, text], pass);

  const decided = f.inline('decided', {
    input: t.Resumed(Event, Cart),
    run: ({ event, input }) => event.approved && input.ok,
  });
  f.await(cart, decided, { checkpoint: 'review', correlationKey: '/mode', event: Event });
  // fails: TS2345 Argument of type 'FlowNode<"text", string, string>' is not assignable
  f.await(cart, text, { checkpoint: 'review', correlationKey: '/mode', event: Event });
  // fails: TS2322 Type '"/id"' is not assignable to type
  f.await(cart, decided, { checkpoint: 'review', correlationKey: '/id', event: Event });

  const failed = f.inline('failed', {
    input: t.Failure(Cart),
    run: ({ error, input }) => `${error.code} ${input.items.length}`,
  });
  f.errorHandler(pass, { strategy: 'continue', handler: failed });
  f.timeout([pass], { timeoutMs: 10, handler: failed });
  f.rateLimit(pass, { qps: 5, burst: 10 });
  // fails: TS2322 Type 'FlowNode<"failed",
  f.errorHandler(text, { strategy: 'continue', handler: failed });
  // fails: TS2322 Type '"ignore"' is not assignable to type
  f.errorHandler(pass, { strategy: 'ignore' });
  // fails: TS2345 Argument of type 'TriggerNode<"cart",
  f.rateLimit(cart, { qps: 5, burst: 10 });

  f.partition(cart, pass, '/mode');
  // fails: TS2345 Argument of type '"/id"' is not assignable to parameter of type
  f.partition(cart, pass, '/id');
});
