// S6, spill: an edge that holds one message; larger or further ones go to the blob store, checksummed.
import { defineFlow, t } from '@basalt/flow-dsl';

const Request = t.Object({ documents: t.Array(t.Object({ name: t.String(), body: t.String() })) });
const Document = t.Object({ name: t.String(), body: t.String() });
const Stored = t.Object({ name: t.String(), bytes: t.Integer() });

export const s6Spill = defineFlow(
  's6_spill_flow',
  { version: '1.0.0', profile: 'queue', summary: 'Spill large messages to the blob store' },
  (f) => {
    const trigger = f.trigger('trigger', { output: Request, queue: 'documents', deadlineMs: 2000 });
    const split = f.inline('split', {
      input: Request,
      output: Document,
      effects: 'pure',
      determinism: 'strict',
      run: async function* ({ documents }) {
        yield* documents;
      },
    });
    const store = f.activity('store', {
      input: Document,
      output: Stored,
      uses: ['resource::blob::write'],
      effects: 'effectful',
      determinism: 'best_effort',
      idempotency: { key: '/name', scope: 'node', ttlMs: 3_600_000 },
      run: async ({ name, body }, { capabilities }) => {
        const bytes = new TextEncoder().encode(body);
        await capabilities.blob.put(`documents/${name}`, bytes);
        return { name, bytes: bytes.length };
      },
    });
    f.connect(trigger, split);
    f.connect(split, store, { maxItems: 1, spill: { tier: 'blob', thresholdBytes: 512 } });
    f.capture(trigger, store);
  },
);
