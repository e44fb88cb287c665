// One run in any store: what was written is read, and what cannot be kept is refused.
import fc from 'fast-check';
import { eachWithStore, type JournalUnderTest } from './journal-under-test.js';
import { T0, anyRecord, attempt, codeOf, ended, result, startOf } from './sample-runs.js';

/** The tests of writing and reading one run. */
export function describeRuns(name: string, make: () => Promise<JournalUnderTest>): void {
  describe(`${name} keeps`, () => {
    const tested = eachWithStore(make);

    describe('a run', () => {
      it('is read as it was written', async () => {
        const start = startOf('r', {
          trigger: 'http',
          capture: 'out',
          deadlineMs: 500,
          labels: { team: 'a' },
          extensions: { x: [1n << 70n, new Uint8Array([1])] },
          deterministic: { seed: 's', startMs: 3 },
        });
        const run = await tested.store.create(start);
        const records = [attempt(1), result(1), attempt(2), result(2), ended()];
        for (const record of records) run.append(record);
        await run.flush();
        await run.close();
        expect([run.runId, run.startedAt, run.history, run.start]).toEqual(['r', T0, [], start]);
        expect(await tested.store.records('r')).toEqual(records);
        expect(await tested.store.start('r')).toEqual(start);
        expect(await tested.store.info('r')).toEqual({
          runId: 'r',
          flowName: 'orders',
          flowId: start.flow.id,
          flowHash: start.flowHash,
          status: 'completed',
          startedAt: T0,
          endedAt: T0 + 500,
          records: 5,
          bytes: expect.any(Number),
          resumptions: 0,
        });
        expect([await tested.store.info('other'), await tested.store.start('other')]).toEqual([
          undefined,
          undefined,
        ]);
      });

      it('goes on after it was left, from what was flushed or closed', async () => {
        const first = await tested.store.create(startOf('r'));
        first.append(attempt(1));
        await first.flush();
        first.append(result(1));
        await first.close();
        const second = await tested.store.open('r');
        expect([second.history, second.start]).toEqual([[attempt(1), result(1)], startOf('r')]);
        second.append(attempt(2));
        await second.close();
        const third = await tested.store.open('r');
        expect(third.history).toEqual([attempt(1), result(1), attempt(2)]);
        third.append(ended('failed'));
        await third.close();
        const { status, resumptions, records } = (await tested.store.info('r'))!;
        expect({ status, resumptions, records }).toEqual({
          status: 'failed',
          resumptions: 2,
          records: 4,
        });
      });

      it('keeps records of every kind, with any value', async () => {
        let n = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(anyRecord, { maxLength: 8 }), async (records) => {
            const id = `any-${(n += 1)}`;
            const run = await tested.store.create(startOf(id));
            for (const record of records) {
              run.append(record);
              if (record.at % 2 === 0) await run.flush();
            }
            await run.close();
            expect(await tested.store.records(id)).toEqual(records);
          }),
          { numRuns: 40 },
        );
      });

      it('is a copy of what it was given', async () => {
        const output = { list: [1] };
        const run = await tested.store.create(startOf('r'));
        run.append(result(1, output));
        output.list.push(2);
        await run.flush();
        expect(await tested.store.records('r')).toEqual([result(1, { list: [1] })]);
        await run.close();
      });

      it('is not mixed with others that are written at once', async () => {
        const ids = Array.from({ length: 20 }, (_x, i) => `run-${i}`);
        await Promise.all(
          ids.map(async (id, i) => {
            const run = await tested.store.create(startOf(id));
            for (let step = 0; step < 5; step += 1) {
              run.append(result(step, `${i}.${step}`));
              await run.flush();
            }
            run.append(ended());
            await run.flush();
            await run.close();
          }),
        );
        const kept = await Promise.all(ids.map((id) => tested.store.records(id)));
        expect(kept).toEqual(
          ids.map((_id, i) => [
            ...Array.from({ length: 5 }, (_x, step) => result(step, `${i}.${step}`)),
            ended(),
          ]),
        );
      });

      it('has names of any text within the limits', async () => {
        const ids = [
          'a/../../b',
          'nul\0in it',
          '__proto__',
          'constructor',
          ' ',
          '\u202Ertl',
          'e\u0301',
          '\u00E9',
          '\u{1F600}'.repeat(256),
          'x'.repeat(1024),
          'x'.repeat(1023),
        ];
        for (const id of ids) {
          const run = await tested.store.create(startOf(id));
          run.append(ended());
          await run.flush();
          await run.close();
        }
        const found = await Promise.all(
          ids.map(async (id) => (await tested.store.info(id))?.runId),
        );
        expect(found).toEqual(ids);
        const bad = ['', 'x'.repeat(1025), '\u{1F600}'.repeat(257), '\uD800', 'a\uDC00b'];
        const codes = await Promise.all(bad.map((id) => codeOf(tested.store.create(startOf(id)))));
        expect(codes).toEqual(bad.map(() => 'JRNL006'));
      });

      it('is refused where it is taken, unknown, ended or owned', async () => {
        const run = await tested.store.create(startOf('r'));
        const other = await tested.open();
        expect([
          await codeOf(tested.store.create(startOf('r'))),
          await codeOf(other.create(startOf('r'))),
          await codeOf(tested.store.open('r')),
          await codeOf(other.open('r')),
          await codeOf(tested.store.open('unknown')),
          await codeOf(tested.store.records('unknown')),
          await codeOf(tested.store.cancel('unknown', 'x')),
        ]).toEqual(['JRNL001', 'JRNL001', 'JRNL004', 'JRNL004', 'JRNL002', 'JRNL002', 'JRNL002']);
        run.append(ended());
        await run.flush();
        await run.close();
        expect(await codeOf(other.open('r'))).toBe('JRNL003');
        if (other !== tested.store) await other.close();
      });

      it('fails for good where a record cannot be kept', async () => {
        const large = await tested.store.create(startOf('large'));
        large.append(attempt(1));
        await large.flush();
        large.append(result(1, 'x'.repeat(5000)));
        large.append(attempt(2));
        const codes = [await codeOf(large.flush()), await codeOf(large.flush())];
        await large.close();
        const odd = await tested.store.create(startOf('odd'));
        odd.append(result(1, (() => 1) as never));
        codes.push(await codeOf(odd.flush()));
        await odd.close();
        codes.push(
          await codeOf(tested.store.create(startOf('no', { payload: undefined as never }))),
        );
        codes.push(
          await codeOf(tested.store.create(startOf('no', { payload: [Symbol()] as never }))),
        );
        expect(codes).toEqual(['JRNL007', 'JRNL007', 'DOC034', 'DOC034', 'DOC034']);
        expect([await tested.store.records('large'), await tested.store.records('odd')]).toEqual([
          [attempt(1)],
          [],
        ]);
        expect(await tested.store.info('no')).toBeUndefined();
      });

      it('takes nothing after it was closed', async () => {
        const run = await tested.store.create(startOf('r'));
        await run.close();
        await run.close();
        run.append(attempt(1));
        expect(await codeOf(run.flush())).toBe('CAP108');
        expect(await codeOf(run.reserve('k', 'i', 1))).toBe('CAP108');
        expect(await tested.store.records('r')).toEqual([]);
      });
    });
  });
}
