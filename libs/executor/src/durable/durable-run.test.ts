import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeHandler } from '../node-handler.js';
import { startRun } from '../run/run.js';
import { bundleOf, chain } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';

const effect = { effects: 'effectful', determinism: 'nondeterministic' } as const;
const keyed = { ...effect, idempotency: { key: '/id' } };

/** load -> double (effectful) -> store (effectful): counts calls. */
function linear(calls: string[]) {
  const step =
    (name: string, then: (value: { id: number; n: number }) => Value): NodeHandler =>
    (value: { id: number; n: number }) => {
      calls.push(name);
      return then(value);
    };
  return compilePlan(
    bundleOf({
      nodes: {
        load: step('load', (v) => ({ ...v, n: v.n + 1 })),
        send: { run: step('send', (v) => ({ ...v, n: v.n * 2 })), ...keyed },
        store: { run: step('store', (v) => ({ ...v, n: v.n + 3 })), ...keyed },
      },
      edges: chain('load', 'send', 'store'),
    }),
  );
}

describe('a durable execution', () => {
  it('records what it does, one flush a step that changes something', async () => {
    const calls: string[] = [];
    const journal = new MemoryJournal();
    const run = startRun(linear(calls), { payload: { id: 1, n: 1 }, journal });
    expect(await run.result).toMatchObject({ status: 'completed', output: { id: 1, n: 7 } });
    expect(
      journal.records.map((record) => `${record.kind} ${'alias' in record ? record.alias : ''}`),
    ).toEqual([
      'result load',
      'attempt send',
      'result send',
      'attempt store',
      'result store',
      'ended ',
    ]);
    expect(journal.flushes).toBe(3);
  });

  it('goes on from any of its records', async () => {
    const journal = new MemoryJournal();
    await startRun(linear([]), { payload: { id: 1, n: 1 }, journal }).result;
    const calledAfter: string[][] = [];
    for (let cut = 0; cut <= journal.records.length; cut += 1) {
      const calls: string[] = [];
      const rest = journal.cutAt(cut);
      const run = startRun(linear(calls), { payload: { id: 1, n: 1 }, journal: rest });
      expect(await run.result).toMatchObject({ status: 'completed', output: { id: 1, n: 7 } });
      calledAfter.push(calls);
    }
    expect(calledAfter).toEqual([
      ['load', 'send', 'store'],
      ['send', 'store'],
      ['send', 'store'],
      ['store'],
      ['store'],
      [],
      [],
    ]);
  });

  it('stops without acting when the journal cannot be written', async () => {
    const calls: string[] = [];
    const journal = new MemoryJournal();
    journal.onFlush = () => {
      throw new Error('no space left');
    };
    const run = startRun(linear(calls), { payload: { id: 1, n: 1 }, journal });
    const result = await run.result;
    expect([result.status, result.output, calls]).toEqual(['interrupted', undefined, ['load']]);
    expect(result.diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'DUR101 The journal of the execution the-run cannot be written: no space left.',
    ]);
  });
});
