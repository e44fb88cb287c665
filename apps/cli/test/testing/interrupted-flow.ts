// A flow whose second effect stops the first time that it is called, and goes on the second time; the
// first effect counts how often it was executed.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const TEXT = `import { defineFlow, t } from '@basalt/flow-dsl';
const Order = t.Object({ id: t.String() });
const Done = t.Object({ count: t.Number() });
const bytes = (text) => new TextEncoder().encode(text);
const effect = {
  input: Order,
  uses: ['resource::kv::read', 'resource::kv::write', 'resource::clock'],
  effects: 'effectful',
  determinism: 'best_effort',
  idempotency: { key: '/id', scope: 'node', ttlMs: 60_000 },
};
export const interrupted = defineFlow('interrupted', { version: '1.0.0' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: Order,
    http: { method: 'POST', route: '/interrupted' },
  });
  const count = f.activity('count', {
    ...effect,
    output: Order,
    run: async (order, { capabilities: { kv } }) => {
      const before = await kv.get('n');
      const n = before === undefined ? 0 : Number(new TextDecoder().decode(before));
      await kv.put('n', bytes(String(n + 1)));
      return order;
    },
  });
  const stop = f.activity('stop', {
    ...effect,
    output: Done,
    run: async (_order, { capabilities: { kv }, clock, signal }) => {
      if ((await kv.get('go')) === undefined) {
        await kv.put('go', bytes('1'));
        process.stderr.write('effect begun\\n');
        await clock.sleep(600_000, signal);
      }
      return { count: Number(new TextDecoder().decode(await kv.get('n'))) };
    },
  });
  f.connect(trigger, count);
  f.connect(count, stop);
  f.capture(trigger, stop);
});
`;

/** Writes it to flow.ts. */
export function writeInterruptedFlow(folder: string): Promise<void> {
  return writeFile(join(folder, 'flow.ts'), TEXT);
}

/** Binds its store. */
export const BOUND = ['--bind', 'kv=disk:store'] as const;

/** What it says on stderr when it stops. */
export const BEGUN = /(effect begun)/;
