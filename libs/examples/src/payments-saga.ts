// Payments with compensation: stock is reserved, the card is charged, the parcel is booked. When a
// later step fails, what was done is undone, last first.
import { defineFlow, t } from '@basalt/flow-dsl';

const Order = t.Object({
  id: t.String({ minLength: 1 }),
  item: t.String(),
  amount: t.Number({ exclusiveMinimum: 0 }),
  deliverable: t.Boolean(),
});
const Booked = t.Object({ order: Order, parcel: t.String() });

const encode = (value: string) => new TextEncoder().encode(value);
const keyed = { idempotency: { key: '/id', scope: 'node', ttlMs: 3_600_000 } } as const;
const effect = {
  uses: ['resource::kv::write'],
  effects: 'effectful',
  determinism: 'best_effort',
} as const;

export const paymentsSaga = defineFlow(
  'payments_saga',
  { version: '1.0.0', profile: 'dev', summary: 'Reserve, charge and ship, or undo it all' },
  (f) => {
    const trigger = f.trigger('trigger', { output: Order, deadlineMs: 10_000 });
    const reserve = f.activity('reserve', {
      ...effect,
      ...keyed,
      input: Order,
      output: Order,
      run: async (order, { capabilities: { kv } }) => {
        await kv.put(`stock/${order.id}`, encode(order.item));
        return order;
      },
      compensate: {
        summary: 'Put the item back',
        run: async ({ input }, { capabilities: { kv } }) => {
          await kv.delete(`stock/${input.id}`);
        },
      },
    });
    const charge = f.activity('charge', {
      ...effect,
      ...keyed,
      input: Order,
      output: Order,
      retry: { maxAttempts: 3, backoffMs: 50 },
      run: async (order, { capabilities: { kv }, idempotencyKey }) => {
        await kv.put(`charge/${order.id}`, encode(`${order.amount} ${idempotencyKey}`));
        return order;
      },
      compensate: {
        summary: 'Refund the card',
        run: async ({ input }, { capabilities: { kv } }) => {
          await kv.put(`refund/${input.id}`, encode(String(input.amount)));
        },
      },
    });
    const ship = f.activity('ship', {
      ...effect,
      ...keyed,
      input: Order,
      output: Booked,
      run: async (order, { capabilities: { kv } }) => {
        if (!order.deliverable) throw new Error(`nobody delivers to order ${order.id}`);
        await kv.put(`parcel/${order.id}`, encode('booked'));
        return { order, parcel: `P-${order.id}` };
      },
      compensate: {
        summary: 'Cancel the parcel',
        run: async ({ input }, { capabilities: { kv } }) => {
          await kv.delete(`parcel/${input.id}`);
        },
      },
    });
    f.connect(trigger, reserve);
    f.connect(reserve, charge);
    f.connect(charge, ship);
    f.capture(trigger, ship);
  },
);
