import { memoryDedupe, memoryKv } from '@basalt/capabilities';
import { defineFlow, t } from '@basalt/flow-dsl';

const Event = t.Object({ id: t.String({ minLength: 1 }), amount: t.Integer() });

const flow = defineFlow('record_payments', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request', { output: t.Array(Event) });
  const split = f.inline('split', {
    input: t.Array(Event),
    output: Event,
    run: async function* (events) {
      yield* events;
    },
  });
  const record = f.activity('record', {
    summary: 'Writes each payment once; a repeated key is skipped.',
    input: Event,
    output: Event,
    uses: ['resource::dedupe::write', 'resource::kv::write'],
    effects: 'effectful',
    determinism: 'best_effort',
    idempotency: { key: '/id', scope: 'node', ttlMs: 600_000 },
    run: async (event, { capabilities }) => {
      await capabilities.kv.put(event.id, new Uint8Array([1]));
      return event;
    },
  });
  f.connect(request, split);
  f.connect(split, record, { delivery: 'exactly_once' });
});

const first = { id: 'p-1', amount: 10 };
const second = { id: 'p-1', amount: 20 };

export const run = {
  flow,
  payload: [first, second],
  host: { capabilities: { dedupe: memoryDedupe(), kv: memoryKv() } },
};
