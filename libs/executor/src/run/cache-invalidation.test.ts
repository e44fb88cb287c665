import { memoryBlob, memoryCache, memoryKv } from '@basalt/capabilities';
import type { CacheSpec } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import { startRun } from './run.js';
import { bundleOf } from '../testing/flow-fixture.js';

/** read -> write -> read again, where both reads are one cached handler; what the second one gives. */
async function secondReading(tier: CacheSpec['tier'], hint: string, emits = false) {
  let stored = 'old';
  const read = () => ({ k: 1, stored });
  const reader = {
    run: read,
    identifier: 'reader',
    cache: { tier, key: '/k', invalidate_on: ['resource::kv'] },
  };
  const bundle = bundleOf({
    nodes: {
      start: () => ({ k: 1 }),
      before: reader,
      writer: {
        run: async (input: { k: number }, context) => {
          await null;
          stored = 'new';
          if (!emits) return { k: input.k };
          await context.emit({ k: input.k });
          return undefined;
        },
        effectHints: [hint],
      },
      after: reader,
    },
    edges: ['start -> before', 'before -> writer', 'writer -> after'],
    handlers: { reader: read },
  });
  const capabilities = { cacheDisk: memoryCache(), kv: memoryKv(), blob: memoryBlob() };
  const { result } = startRun(compilePlan(bundle), { payload: null }, { capabilities });
  const { output, diagnostics } = await result;
  expect(diagnostics).toEqual([]);
  return (output as { stored: string }).stored;
}

describe.each(['memory', 'disk'] as const)('a write to what a %s cache depends on', (tier) => {
  it('is seen by whoever reads after it', async () => {
    expect(await secondReading(tier, 'resource::kv::write')).toBe('new');
    expect(await secondReading(tier, 'resource::kv::write', true)).toBe('new');
  });

  it('is none when it only reads, or writes to something else', async () => {
    expect(await secondReading(tier, 'resource::kv::read')).toBe('old');
    expect(await secondReading(tier, 'resource::blob::write')).toBe('old');
  });
});
