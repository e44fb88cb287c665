// Which edges compile. A comment "fails" says that the next line must not, and how.
import { defineFlow, t, via } from '../../src/index.js';

const Order = t.Object({ id: t.String(), total: t.Number() });
const Priced = t.Object({ id: t.String(), total: t.Number(), tax: t.Number() });
const Text = t.String();

export const edges = defineFlow('edges', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request', { output: Order });
  const price = f.inline('price', {
    input: Order,
    output: Priced,
    run: (order) => ({ ...order, tax: order.total * 0.2 }),
  });
  const print = f.inline('print', { input: Text, output: Text, run: (text) => text });
  const any = f.inline('any', { run: (value) => value });

  f.connect(request, price);
  f.connect(price, price);
  f.connect(price, any);
  f.connect(any, print);
  f.connect(request, price, { delivery: 'exactly_once', partitionKey: '/id', maxItems: 4 });
  f.connect(request, via(price, { timeoutMs: 10 }));

  // fails: TS2345 Type 'string' is not assignable to type '{ id: string; total: number; }'
  f.connect(print, price);
  // fails: TS2345 is not assignable to type 'string'
  f.connect(price, print);
  // fails: TS2345 Argument of type 'TriggerNode<"request",
  f.connect(price, request);
  // fails: TS2322 Type '"twice"' is not assignable to type
  f.connect(request, price, { delivery: 'twice' });
  // fails: TS2322 Type '"/name"' is not assignable to type '"" | "id" | "total" | "/id" | "/total"
  f.connect(request, price, { partitionKey: '/name' });
  // fails: TS2345 Argument of type 'string' is not assignable
  f.connect('request', price);
  // fails: TS2345 Type 'string' is not assignable to type '{ id: string; total: number; }'
  f.connect(print, via(price, { maxItems: 1 }));

  return f.capture(request, price);
});

export const outer = defineFlow('outer', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request', { output: Order });
  const text = f.trigger('text', { output: Text });
  const inner = f.subflow('inner', edges, { idempotency: { key: '/id' } });
  const print = f.inline('print', { input: Text, run: (value) => value.length });
  f.connect(request, inner);
  // fails: TS2345 Type 'string' is not assignable to type '{ id: string; total: number; }'
  f.connect(text, inner);
  // fails: TS2345 is not assignable to type 'string'
  f.connect(inner, print);
  // fails: TS2322 Type '"/name"' is not assignable
  f.subflow('keyed', edges, { idempotency: { key: '/name' } });
});

// fails: TS2322 Type '"cloud"' is not assignable to type
defineFlow('profile', { version: '1.0.0', profile: 'cloud' }, () => undefined);
// fails: TS2345 Property 'version' is missing
defineFlow('versionless', {}, () => undefined);
// fails: TS2322 Type 'Promise<void>' is not assignable to type 'void | Captured<any, any>'
defineFlow('late', { version: '1.0.0' }, async () => undefined as void);
