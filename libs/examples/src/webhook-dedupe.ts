// Webhook dedupe: a sender delivers some events twice; each is recorded exactly once.
import { defineFlow, t } from '@basalt/flow-dsl';

const Delivery = t.Object({
  events: t.Array(t.Object({ id: t.String({ minLength: 1 }), kind: t.String() })),
});
const Event = t.Object({ id: t.String(), kind: t.String() });
const Recorded = t.Object({ id: t.String(), key: t.String() });

export const webhookDedupe = defineFlow(
  'webhook_dedupe',
  { version: '1.0.0', profile: 'dev', summary: 'Record each webhook event exactly once' },
  (f) => {
    const trigger = f.trigger('trigger', {
      output: Delivery,
      http: { method: 'POST', route: '/webhooks/events' },
      respond: 'stream',
    });
    const split = f.inline('split', {
      input: Delivery,
      output: Event,
      effects: 'pure',
      determinism: 'strict',
      run: async function* ({ events }) {
        yield* events;
      },
    });
    const record = f.activity('record', {
      summary: 'Writes events/<id>; a repeat within a day is dropped by its key before this node',
      input: Event,
      output: Recorded,
      uses: ['resource::dedupe::write', 'resource::kv::write'],
      effects: 'effectful',
      determinism: 'best_effort',
      idempotency: { key: '/id', scope: 'node', ttlMs: 86_400_000 },
      run: async ({ id, kind }, { capabilities, idempotencyKey }) => {
        await capabilities.kv.put(`events/${id}`, new TextEncoder().encode(kind));
        return { id, key: idempotencyKey ?? '' };
      },
    });
    f.connect(trigger, split);
    f.connect(split, record, { delivery: 'exactly_once', partitionKey: '/id' });
    f.capture(trigger, record);
  },
);
