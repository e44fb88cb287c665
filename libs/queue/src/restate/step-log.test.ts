// The log of steps beside a context that records what it is asked, and on a replay gives it back in that
// order and refuses any other, as Restate does; the server itself is tried in restate-flows.test.ts.
import type { Value } from '@basalt/ir';
import fc from 'fast-check';
import { StepLog, type StepContext } from './step-log.js';

/** A journal of entries; a context made of it replays it and then goes on. */
class Journal {
  readonly entries: { readonly name: string; readonly result: string }[] = [];

  context(): StepContext {
    let position = 0;
    return {
      run: async <T>(name: string, action: () => Promise<T>): Promise<T> => {
        const at = position;
        position += 1;
        const known = this.entries[at];
        if (known === undefined) {
          const result = JSON.stringify(await action());
          this.entries.push({ name, result });
          return JSON.parse(result) as T;
        }
        if (known.name !== name) throw new Error(`${name} in place of ${known.name}`);
        return JSON.parse(known.result) as T;
      },
    };
  }
}

const turns = async (number: number) => {
  for (let i = 0; i < number; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Chains of steps beside one another; the delays before each step are those of this replay. */
async function execute(
  log: StepLog,
  chains: readonly number[],
  delays: readonly number[],
  calls: string[],
): Promise<readonly Value[]> {
  let turn = 0;
  const delay = () => turns(delays[(turn += 1) % delays.length] ?? 0);
  const results = await Promise.all(
    chains.map(async (length, chain) => {
      const values: Value[] = [];
      for (let i = 0; i < length; i += 1) {
        await delay();
        const key = `${chain}.${i}`;
        const value = await log.step({ key, alias: 'a', attempt: 1 }, async () => {
          calls.push(key);
          await delay();
          return i % 3 === 2 ? undefined : { key, big: 2n ** 60n };
        });
        values.push(value ?? null);
      }
      return values;
    }),
  );
  return results;
}

const delays = fc.array(fc.nat(3), { minLength: 1, maxLength: 6 });

it('calls each step once, over replays in which handlers take other times', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }),
      fc.array(delays, { minLength: 2, maxLength: 3 }),
      fc.nat(20),
      async (chains, timings, kept) => {
        const journal = new Journal();
        const calls: string[] = [];
        const first = await execute(new StepLog(journal.context()), chains, timings[0]!, calls);
        // A crash: what follows the first entries was never written.
        const lost = journal.entries.splice(kept).length;
        for (const timing of timings.slice(1)) {
          const again = await execute(new StepLog(journal.context()), chains, timing, calls);
          expect(again).toEqual(first);
        }
        expect(calls).toHaveLength(chains.reduce((sum, length) => sum + length, 0) + lost);
      },
    ),
    { numRuns: 60 },
  );
});

it('fails everybody who waits when the invocation cannot go on', async () => {
  const log = new StepLog({ run: () => Promise.reject(new Error('cancelled')) });
  const waits = ['a', 'b'].map((name) => log.once(name, async () => 1));
  const outcomes = await Promise.allSettled(waits);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
