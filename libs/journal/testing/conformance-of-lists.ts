// Lists, pruning, export and import, in any store.
import fc from 'fast-check';
import type { JournalStore } from '../src/journal-store.js';
import { eachWithStore, type JournalUnderTest } from './journal-under-test.js';
import {
  T0,
  attempt,
  codeOf,
  collect,
  ended,
  inChunks,
  result,
  startOf,
  waiting,
} from './sample-runs.js';

/** The tests of what a store does with many runs. */
export function describeManyRuns(name: string, make: () => Promise<JournalUnderTest>): void {
  describe(`${name} has many runs:`, () => {
    const tested = eachWithStore(make);

    describe('a list', () => {
      const ids = async (query?: Parameters<JournalStore['list']>[0]) => {
        const { runs, next } = await tested.store.list(query);
        return { ids: runs.map(({ runId }) => runId), ...(next ? { next: 'more' } : {}) };
      };
      beforeEach(async () => {
        for (let i = 0; i < 7; i += 1) {
          const name = i % 2 === 0 ? 'even' : 'odd';
          const flow = { id: `id-${name}`, name, version: '1.0.0' };
          const run = await tested.store.create(
            startOf(`r${i}`, { flow, startedAt: T0 + (i >> 1) }),
          );
          if (i < 4) run.append(ended(i === 0 ? 'failed' : 'completed'));
          await run.close();
        }
      });

      it('is newest first, by flow and status', async () => {
        expect([
          await ids(),
          await ids({ flow: 'odd' }),
          await ids({ flow: 'id-even' }),
          await ids({ status: 'interrupted' }),
          await ids({ status: 'completed', flow: 'odd' }),
          await ids({ status: 'running' }),
          await ids({ flow: 'none' }),
        ]).toEqual([
          { ids: ['r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0'] },
          { ids: ['r5', 'r3', 'r1'] },
          { ids: ['r6', 'r4', 'r2', 'r0'] },
          { ids: ['r6', 'r5', 'r4'] },
          { ids: ['r3', 'r1'] },
          { ids: [] },
          { ids: [] },
        ]);
      });

      it('comes in pages without gap or repetition', async () => {
        for (const limit of [1, 2, 3, 6, 7, 8]) {
          for (const flow of [undefined, 'even']) {
            const seen: string[] = [];
            let after: string | undefined;
            do {
              const page = await tested.store.list({ limit, after, flow });
              expect(page.runs.length).toBeLessThanOrEqual(limit);
              seen.push(...page.runs.map(({ runId }) => runId));
              after = page.next;
            } while (after !== undefined);
            expect(seen).toEqual((await ids({ flow })).ids);
          }
        }
      });

      it('refuses pages and limits that make no sense', async () => {
        const queries = [
          { after: '' },
          { after: 'zz' },
          { after: '1-1-1' },
          { after: '1'.repeat(50) },
          { limit: 0 },
          { limit: -1 },
          { limit: 1.5 },
          { limit: 1001 },
          { limit: NaN },
        ];
        const codes = await Promise.all(queries.map((query) => codeOf(tested.store.list(query))));
        expect(codes).toEqual(queries.map(() => 'JRNL012'));
      });
    });

    describe('pruning', () => {
      it('removes ended runs by age and number, and nothing else', async () => {
        for (let i = 0; i < 6; i += 1) {
          const run = await tested.store.create(startOf(`r${i}`, { startedAt: T0 + i }));
          if (i !== 2) run.append(ended('completed', T0 + 100 + i));
          await run.close();
        }
        const left = async () => (await tested.store.list()).runs.map(({ runId }) => runId);
        const removed = [
          await tested.store.prune({}),
          await tested.store.prune({ endedBefore: T0 + 101 }),
        ];
        expect(await left()).toEqual(['r5', 'r4', 'r3', 'r2', 'r1']);
        removed.push(await tested.store.prune({ keep: 2 }));
        expect(await left()).toEqual(['r5', 'r4', 'r2']);
        removed.push(await tested.store.prune({ keep: 0 }), await tested.store.prune({ keep: 0 }));
        expect(await left()).toEqual(['r2']);
        expect(removed).toEqual([0, 1, 2, 2, 0]);
        expect([await tested.store.info('r5'), await tested.store.start('r5')]).toEqual([
          undefined,
          undefined,
        ]);
        expect(await codeOf(tested.store.records('r5'))).toBe('JRNL002');
        const again = await tested.store.create(startOf('r5'));
        await again.close();
        expect((await again.start).runId).toBe('r5');
        const { before, after } = await tested.store.compact();
        expect(after).toBeLessThanOrEqual(before);
        expect(await left()).toHaveLength(2);
      });
    });

    describe('an export', () => {
      beforeEach(async () => {
        const a = await tested.store.create(startOf('a'));
        a.append(waiting(1));
        await a.close();
        await tested.store.deliver('a', {
          id: 'e',
          checkpoint: 'c',
          correlation: 1,
          event: { x: 1 },
        });
        const b = await tested.store.create(startOf('b', { flowDocument: { other: true } }));
        for (let i = 0; i < 5; i += 1) b.append(result(i));
        b.append(ended());
        await b.close();
      });

      it('is taken in by another store as it is', async () => {
        const bytes = await collect(tested.store.exportRuns(['a', 'b']));
        const elsewhere = await make();
        const other = await elsewhere.open({ now: () => tested.now, maxRecordBytes: 4096 });
        for (const size of [bytes.length, 1000]) {
          const taken = await other.importRuns(inChunks(bytes, size));
          expect(taken).toEqual(size === bytes.length ? ['a', 'b'] : []);
        }
        for (const id of ['a', 'b']) {
          expect([await other.info(id), await other.start(id), await other.records(id)]).toEqual([
            await tested.store.info(id),
            await tested.store.start(id),
            await tested.store.records(id),
          ]);
        }
        const run = await other.open('a');
        const seen: string[] = [];
        run.onEvent(({ id }) => seen.push(id));
        expect([seen, run.history]).toEqual([['e'], [waiting(1)]]);
        await run.close();
        expect(await collect(other.exportRuns(['b']))).toEqual(
          await collect(tested.store.exportRuns(['b'])),
        );
        await other.close();
        await elsewhere.cleanUp();
      });

      it('of all runs has them all; of unknown ones it fails', async () => {
        const all = await collect(tested.store.exportRuns());
        expect(await codeOf(collect(tested.store.exportRuns(['none'])))).toBe('JRNL002');
        await tested.store.prune({ keep: 0 });
        expect(await tested.store.importRuns(inChunks(all, 100))).toEqual(['b']);
      });

      it('that is cut off, changed or something else is refused', async () => {
        const bytes = await collect(tested.store.exportRuns(['b']));
        await tested.store.prune({ keep: 0 });
        const flipped = (at: number) => {
          const copy = Buffer.from(bytes);
          copy[at] = copy[at]! ^ 1;
          return copy;
        };
        const bad = [
          Buffer.alloc(0),
          Buffer.from('no export'),
          Buffer.concat([bytes, Buffer.of(0)]),
          Buffer.concat([bytes, bytes]),
          bytes.subarray(1),
          ...Array.from({ length: 40 }, (_x, i) => flipped(Math.floor((i * bytes.length) / 40))),
          ...Array.from({ length: 40 }, (_x, i) =>
            bytes.subarray(0, Math.floor((i * bytes.length) / 40)),
          ),
        ];
        for (const content of bad) {
          expect(await codeOf(tested.store.importRuns(inChunks(content, 97)))).toBe('JRNL010');
          expect((await tested.store.list()).runs.length).toBeLessThanOrEqual(2);
        }
      });

      it('of random bytes is refused', async () => {
        await fc.assert(
          fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
            expect(await codeOf(tested.store.importRuns(inChunks(noise, 50)))).toBe('JRNL010');
          }),
          { numRuns: 50 },
        );
      });
    });

    it('finds no fault where there is none', async () => {
      const run = await tested.store.create(startOf('r'));
      for (let i = 0; i < 10; i += 1) run.append(result(i));
      await run.close();
      expect([await tested.store.verify(), await tested.store.verify({ repair: true })]).toEqual([
        [],
        [],
      ]);
    });

    it('takes nothing after it was closed', async () => {
      const last = await tested.open();
      const run = await last.create(startOf('r'));
      await last.close();
      run.append(attempt(1));
      const codes = [
        await codeOf(last.create(startOf('x'))),
        await codeOf(last.open('r')),
        await codeOf(last.info('r')),
        await codeOf(last.list()),
        await codeOf(last.cancel('r', 'x')),
        await codeOf(last.verify()),
        await codeOf(last.prune({})),
        await codeOf(run.flush()),
      ];
      expect(codes).toEqual(codes.map(() => 'CAP108'));
    });
  });
}
