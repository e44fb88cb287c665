// Status, cancellation, events and the delivery ledger, in any store.
import { eachWithStore, type JournalUnderTest } from './journal-under-test.js';
import { T0, codeOf, ended, lostCode, result, resumed, startOf, waiting } from './sample-runs.js';

/** The tests of what happens to a run from outside, and of the delivery ledger. */
export function describeLifeOfRuns(name: string, make: () => Promise<JournalUnderTest>): void {
  describe(`${name} follows`, () => {
    const tested = eachWithStore(make);

    describe('a status', () => {
      it('follows the run', async () => {
        const statuses: (string | undefined)[] = [];
        const note = async () => statuses.push((await tested.store.info('r'))?.status);
        let run = await tested.store.create(startOf('r'));
        await note();
        run.append(waiting(1));
        await run.flush();
        await note();
        await run.close();
        await note();
        run = await tested.store.open('r');
        run.append(resumed(1));
        await run.flush();
        await note();
        await run.close();
        await note();
        run = await tested.store.open('r');
        await tested.store.cancel('r', 'enough');
        await note();
        run.append(ended('cancelled'));
        await run.flush();
        await note();
        await run.close();
        expect(statuses).toEqual([
          'running',
          'waiting',
          'waiting',
          'running',
          'interrupted',
          'cancelling',
          'cancelled',
        ]);
      });
    });

    describe('a cancellation', () => {
      it('is told to the owner, ends what nobody owns, and comes too late for what has ended', async () => {
        const run = await tested.store.create(startOf('r'));
        const answers: string[] = [await tested.store.cancel('r', 'too slow')];
        expect(lostCode(run.lost)).toBe('JRNL009');
        run.append(result(1));
        await run.close();
        answers.push(await tested.store.cancel('r', 'really'));
        answers.push(await tested.store.cancel('r', 'again'));
        expect(answers).toEqual(['asked', 'cancelled', 'ended']);
        const records = await tested.store.records('r');
        expect(records).toEqual([
          result(1),
          {
            kind: 'ended',
            status: 'cancelled',
            findings: [{ code: 'JRNL009', message: expect.any(String), severity: 'error' }],
            at: T0,
          },
        ]);
        expect((await tested.store.info('r'))?.status).toBe('cancelled');
      });

      it('that nobody has followed is told to the next owner', async () => {
        const run = await tested.store.create(startOf('r'));
        await tested.store.cancel('r', 'stop');
        await run.close();
        const next = await tested.store.open('r');
        expect(lostCode(next.lost)).toBe('JRNL009');
        await next.close();
      });
    });

    describe('an event', () => {
      const event = (id: string) => ({ id, checkpoint: 'approval', correlation: 1, event: id });
      const at = (id: string) => ({ ...event(id), at: T0 });

      it('reaches the owner, once', async () => {
        const run = await tested.store.create(startOf('r'));
        const taken = [
          await tested.store.deliver('r', event('a')),
          await tested.store.deliver('r', event('a')),
        ];
        const seen: unknown[] = [];
        run.onEvent((delivered) => seen.push(delivered));
        taken.push(
          await tested.store.deliver('r', event('b')),
          await tested.store.deliver('r', event('b')),
        );
        expect({ taken, seen }).toEqual({
          taken: [true, false, true, false],
          seen: [at('a'), at('b')],
        });
        await run.close();
      });

      it('waits until a record names it', async () => {
        let run = await tested.store.create(startOf('r'));
        run.append(waiting(1));
        await run.close();
        await tested.store.deliver('r', event('a'));
        await tested.store.deliver('r', event('b'));
        run = await tested.store.open('r');
        const first: string[] = [];
        run.onEvent(({ id }) => first.push(id));
        run.append(resumed(1, 'a'));
        await run.close();
        run = await tested.store.open('r');
        const second: string[] = [];
        run.onEvent(({ id }) => second.push(id));
        await run.close();
        expect([first, second]).toEqual([['a', 'b'], ['b']]);
        expect(await tested.store.deliver('r', event('a'))).toBe(false);
      });

      it('is refused where it cannot be kept', async () => {
        const run = await tested.store.create(startOf('r'));
        const codes = [
          await codeOf(tested.store.deliver('unknown', event('a'))),
          await codeOf(tested.store.deliver('r', event(''))),
          await codeOf(tested.store.deliver('r', { ...event('a'), event: new Date() as never })),
        ];
        run.append(ended());
        await run.close();
        codes.push(await codeOf(tested.store.deliver('r', event('a'))));
        expect(codes).toEqual(['JRNL002', 'JRNL006', 'DOC034', 'JRNL003']);
      });
    });

    describe('the delivery ledger', () => {
      it('lets one run have a key until it is done, and remembers that', async () => {
        const a = await tested.store.create(startOf('a'));
        const b = await tested.store.create(startOf('b'));
        const answers: unknown[] = [
          await a.reserve('k', 'i1', 1000),
          await a.reserve('k', 'i1', 1000),
          await b.reserve('k', 'i1', 1000),
        ];
        a.append(result(1, 1, 'k'));
        answers.push(await b.reserve('k', 'i1', 1000));
        await a.flush();
        answers.push(await b.reserve('k', 'i2', 1000), await a.reserve('k', 'i1', 1000));
        tested.now += 999;
        answers.push(await b.reserve('k', 'i1', 1000));
        tested.now += 1;
        answers.push(await b.reserve('k', 'i2', 1000));
        expect(answers).toEqual([
          { state: 'first' },
          { state: 'own' },
          { state: 'held', owner: 'a' },
          { state: 'held', owner: 'a' },
          { state: 'done', input: 'i1' },
          { state: 'done', input: 'i1' },
          { state: 'done', input: 'i1' },
          { state: 'first' },
        ]);
        await a.close();
        await b.close();
      });

      it('is held by a run that is left, and free after it has ended', async () => {
        const a = await tested.store.create(startOf('a'));
        await a.reserve('k', 'i', 1000);
        await a.close();
        const b = await tested.store.create(startOf('b'));
        const answers: unknown[] = [await b.reserve('k', 'i', 1000)];
        const again = await tested.store.open('a');
        answers.push(await again.reserve('k', 'i', 1000));
        again.append(ended('failed'));
        await again.flush();
        await again.close();
        answers.push(await b.reserve('k', 'i', 1000));
        await b.close();
        expect(answers).toEqual([
          { state: 'held', owner: 'a' },
          { state: 'own' },
          { state: 'first' },
        ]);
      });

      it('takes keys back, but not those of others', async () => {
        const a = await tested.store.create(startOf('a'));
        const b = await tested.store.create(startOf('b'));
        await a.reserve('k', 'i', 1000);
        b.release('k');
        await b.flush();
        const answers: unknown[] = [await b.reserve('k', 'i', 1000)];
        a.release('k');
        answers.push(await b.reserve('k', 'i', 1000));
        await a.flush();
        answers.push(await b.reserve('k', 'i', 1000));
        b.append(result(1, 1, 'k'));
        await b.flush();
        b.release('k');
        await b.flush();
        answers.push(await a.reserve('k', 'i', 1000));
        await a.close();
        await b.close();
        expect(answers).toEqual([
          { state: 'held', owner: 'a' },
          { state: 'held', owner: 'a' },
          { state: 'first' },
          { state: 'done', input: 'i' },
        ]);
      });

      it('takes names of any text within the limits', async () => {
        const run = await tested.store.create(startOf('r'));
        const keys = ['a\0b', 'a/b', '__proto__', 'x'.repeat(1024), '\u{1F600}'];
        const answers = [];
        for (const name of keys) answers.push(await run.reserve(name, 'i', 10));
        for (const name of keys) answers.push(await run.reserve(name, 'i', 10));
        expect(answers.map(({ state }) => state)).toEqual([
          ...keys.map(() => 'first'),
          ...keys.map(() => 'own'),
        ]);
        expect(await codeOf(run.reserve('x'.repeat(10_000), 'i', 10))).toBe('JRNL006');
        expect(await codeOf(run.reserve('', 'i', 10))).toBe('JRNL006');
        await run.close();
      });
    });
  });
}
