// What a handler receives and may return.
import { defineFlow, t } from '../../src/index.js';

const Order = t.Object({ id: t.String(), total: t.Number(), note: t.Optional(t.String()) });
const Receipt = t.Object({ id: t.String(), paid: t.Boolean() });

const params = { region: { schema: t.String(), default: 'eu' } };

export const handlers = defineFlow('handlers', { version: '1.0.0', params }, (f) => {
  f.inline('good', {
    input: Order,
    output: Receipt,
    run: ({ id, total }) => ({ id, paid: total > 0 }),
  });
  f.inline('later', {
    input: Order,
    output: Receipt,
    run: async (order) => ({ id: order.id, paid: true }),
  });
  f.inline('dropped', {
    input: Order,
    output: Receipt,
    run: (order) => (order.total > 0 ? { id: order.id, paid: true } : undefined),
  });
  f.inline('stream', {
    input: Order,
    output: Receipt,
    run: async function* (order) {
      yield { id: order.id, paid: true };
    },
  });
  f.inline('wrong-field', {
    input: Order,
    output: Receipt,
    // fails: TS2339 Property 'name' does not exist on type
    run: (order) => ({ id: order.name, paid: true }),
  });
  f.inline('wrong-result', {
    input: Order,
    output: Receipt,
    // fails: TS2322 Type 'string' is not assignable to type 'boolean'
    run: (order) => ({ id: order.id, paid: 'yes' }),
  });
  f.inline('missing-result', {
    input: Order,
    output: Receipt,
    // fails: TS2322 Property 'paid' is missing in type '{ id: string; }'
    run: (order) => ({ id: order.id }),
  });
  f.inline('optional', {
    input: Order,
    output: Receipt,
    // fails: TS18048 'order.note' is possibly 'undefined'
    run: (order) => ({ id: order.id, paid: order.note.length > 0 }),
  });
  f.inline('emits', {
    input: Order,
    output: Receipt,
    run: async ({ id }, ctx) => {
      await ctx.emit({ id, paid: true });
      // fails: TS2345 Argument of type 'string' is not assignable to parameter of type
      await ctx.emit(id);
      return undefined;
    },
  });
  f.inline('batched', {
    input: Order,
    output: t.Number(),
    concurrency: { max: 1, batch: 10 },
    run: (orders) => orders.reduce((sum, order) => sum + order.total, 0),
  });
  f.activity('charge', {
    input: Order,
    output: Receipt,
    uses: ['resource::http::write', 'resource::kv::read'],
    secrets: ['pay_token'],
    params: { schema: t.Object({ url: t.String() }), value: { url: 'https://pay.example.com' } },
    idempotency: { key: '/id', scope: 'node', ttlMs: 600_000 },
    retry: { maxAttempts: 3 },
    run: async (order, ctx) => {
      const token = await ctx.secret('pay_token');
      await ctx.capabilities.kv.get(order.id);
      await ctx.capabilities.httpWrite.send({
        method: 'POST',
        url: `${ctx.params.url}/${ctx.params.region}/${token}`,
      });
      // fails: TS2345 Argument of type '"other"' is not assignable to parameter of type '"pay_token"'
      await ctx.secret('other');
      // fails: TS2339 Property 'blob' does not exist on type
      await ctx.capabilities.blob.get('x');
      // fails: TS2339 Property 'zone' does not exist on type
      return { id: order.id, paid: ctx.params.zone };
    },
    compensate: {
      run: ({ input, output }) => {
        input.total.toFixed(output.paid ? 1 : 2);
        // fails: TS2339 Property 'refund' does not exist on type
        return output.refund;
      },
    },
  });
  f.inline('none', {
    input: Order,
    // fails: TS2339 Property 'kv' does not exist on type
    run: (_order, ctx) => ctx.capabilities.kv,
  });
  f.activity('key', {
    input: Order,
    // fails: TS2322 Type '"/order"' is not assignable to type
    idempotency: { key: '/order' },
    run: () => null,
  });
  f.activity('hint', {
    // fails: TS2322 Type '"http"' is not assignable to type
    uses: ['http'],
    run: () => null,
  });
  f.activity('params', {
    // fails: TS2322 Type 'number' is not assignable to type 'string'
    params: { schema: t.Object({ url: t.String() }), value: { url: 1 } },
    run: () => null,
  });
  // fails: TS2345 Property 'run' is missing
  f.inline('idle', { input: Order });
});
