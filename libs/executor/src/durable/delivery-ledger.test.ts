import { compilePlan } from '../plan/compile-plan.js';
import type { NodeHandler } from '../node-handler.js';
import { startRun } from '../run/run.js';
import { bundleOf, pass } from '../testing/flow-fixture.js';
import { MemoryJournal, type MemoryLedger } from '../testing/memory-journal.js';

type Order = { id: number; n?: number };

/** Sends each order of the payload over an exactly_once edge. */
function flow(pay: NodeHandler) {
  const orders = async function* (list: readonly Order[]) {
    yield* list;
  };
  return compilePlan(
    bundleOf({
      nodes: {
        orders: orders as unknown as NodeHandler,
        pay: {
          run: pay,
          effects: 'effectful',
          determinism: 'nondeterministic',
          idempotency: { key: '/id' },
        },
        end: pass,
      },
      edges: [{ edge: 'orders -> pay', delivery: 'exactly_once' }, 'pay -> end'],
    }),
  );
}

async function execute(payload: readonly Order[], journal: MemoryJournal, pay?: NodeHandler) {
  const paid: number[] = [];
  const note: NodeHandler = ({ id }: Order) => {
    paid.push(id);
    return id;
  };
  const run = startRun(flow(pay ?? note), { payload, journal, mode: 'stream' }, { graceMs: 0 });
  const outputs: unknown[] = [];
  try {
    for await (const value of run.outputs()) outputs.push(value);
  } catch {
    // The result says it.
  }
  const { status, diagnostics } = await run.result;
  return { status, paid, outputs, codes: diagnostics.map(({ code }) => code) };
}

describe('an exactly_once edge with a journal', () => {
  it('lets each key through once, within an execution and between executions', async () => {
    const ledger: MemoryLedger = new Map();
    const first = new MemoryJournal([], ledger, 'first');
    expect(await execute([{ id: 1 }, { id: 2 }, { id: 1 }], first)).toEqual({
      status: 'completed',
      paid: [1, 2],
      outputs: [1, 2],
      codes: [],
    });
    const second = new MemoryJournal([], ledger, 'second');
    expect(await execute([{ id: 2 }, { id: 3 }], second)).toMatchObject({ paid: [3] });
    expect([...ledger.values()].map(({ owner, done }) => [owner, done])).toEqual([
      ['first', true],
      ['first', true],
      ['second', true],
    ]);
  });

  it('goes on with its own reservation after a crash, from any record', async () => {
    const whole = new MemoryJournal();
    const payload = [{ id: 1 }, { id: 2 }, { id: 1 }];
    await execute(payload, whole);
    for (let cut = 0; cut < whole.records.length; cut += 1) {
      // The crash may come right after a reservation, which is durable by itself.
      const held: MemoryLedger = new Map();
      for (const [key, entry] of whole.ledger) held.set(key, { ...entry, done: false });
      const before = whole.records.slice(0, cut);
      for (const record of before) {
        if (record.kind === 'result' && record.completes) held.get(record.completes)!.done = true;
      }
      const done = before.filter(({ kind, ...r }) => kind === 'result' && 'completes' in r).length;
      const rest = await execute(payload, whole.cutAt(cut, held));
      expect([cut, rest.status, rest.paid.length + done, rest.outputs]).toEqual([
        cut,
        'completed',
        2,
        [1, 2],
      ]);
      expect([...held.values()].every((entry) => entry.done)).toBe(true);
    }
  });

  it('waits where another execution holds the key, and drops nothing (DUR103)', async () => {
    const ledger: MemoryLedger = new Map();
    let called!: () => void;
    const atWork = new Promise<void>((resolve) => (called = resolve));
    let finish!: () => void;
    const slow: NodeHandler = () => {
      called();
      return new Promise((resolve) => (finish = () => resolve(1)));
    };
    const first = execute([{ id: 1 }], new MemoryJournal([], ledger, 'first'), slow);
    await atWork;
    const waiting = new MemoryJournal([], ledger, 'second');
    expect(await execute([{ id: 1 }], waiting)).toMatchObject({
      status: 'interrupted',
      paid: [],
      codes: ['DUR103'],
    });
    finish();
    expect(await first).toMatchObject({ status: 'completed' });
    const later = await execute([{ id: 1 }], waiting.cutAt(waiting.records.length));
    expect(later).toMatchObject({ status: 'completed', paid: [], outputs: [] });
  });

  it('gives the key back when the message fails for good', async () => {
    const ledger: MemoryLedger = new Map();
    const fails: NodeHandler = () => {
      throw new Error('no');
    };
    const first = await execute([{ id: 1 }], new MemoryJournal([], ledger, 'first'), fails);
    expect([first.status, ledger.size]).toEqual(['failed', 0]);
    expect(await execute([{ id: 1 }], new MemoryJournal([], ledger, 'second'))).toMatchObject({
      paid: [1],
    });
  });

  it('refuses another input with the same key', async () => {
    const ledger: MemoryLedger = new Map();
    await execute([{ id: 1, n: 1 }], new MemoryJournal([], ledger, 'first'));
    expect(await execute([{ id: 1, n: 2 }], new MemoryJournal([], ledger, 'second'))).toMatchObject(
      { status: 'failed', paid: [], codes: ['IDEM099'] },
    );
  });

  it('stops when the ledger cannot be asked', async () => {
    const journal = new MemoryJournal();
    journal.reserve = () => Promise.reject(new Error('the store is gone'));
    expect(await execute([{ id: 1 }], journal)).toMatchObject({
      status: 'interrupted',
      paid: [],
      codes: ['DUR101'],
    });
  });
});
