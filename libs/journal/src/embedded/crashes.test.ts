// Real processes that are killed, and several at once.
import { childProgram, type ChildProgram } from '../../testing/child-process.js';
import { attempt, codeOf, ended, result, startOf } from '../../testing/sample-runs.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { openEmbeddedJournal } from './embedded-journal.js';

let program: ChildProgram;
let folder: string;
let cleanUp: () => Promise<void>;

beforeAll(async () => {
  program = await childProgram('journal-child');
});
afterAll(() => program.cleanUp());
beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

/** What a child has said to be durable: run -> number of records. */
function acknowledged(lines: readonly Readonly<Record<string, unknown>>[]): Map<string, number> {
  return new Map(lines.map(({ runId, records }) => [runId as string, records as number]));
}

/** The records that the child writes into a run, as far as `count`. */
function expected(runId: string, count: number) {
  return Array.from({ length: count }, (_x, i) => {
    const step = i >> 1;
    if (i % 2 === 0) return attempt(step);
    return result(step, `${runId}/${step}`, step % 10 === 9 ? `${runId}/${step}` : undefined);
  });
}

describe('a writer that is killed', () => {
  it('has lost nothing that it was told to be durable, and its runs can be taken up', async () => {
    // A small generator with a fixed seed: the instants differ from round to round, not by luck.
    let seed = 12345;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    for (let round = 0; round < 8; round += 1) {
      const child = program.start(folder, 'write', '6');
      const enough = Math.floor(random() * 120);
      await child.line(() => child.lines.length > enough);
      await child.kill();
      const promised = acknowledged(child.lines);
      const store = await openEmbeddedJournal(folder);
      expect(await store.verify()).toEqual([]);
      for (const [runId, count] of promised) {
        const records = await store.records(runId);
        expect(records.length).toBeGreaterThanOrEqual(count);
        const steps = records.at(-1)?.kind === 'ended' ? records.slice(0, -1) : records;
        expect(steps).toEqual(expected(runId, steps.length));
        const { status } = (await store.info(runId))!;
        expect(status).toBe(steps.length < records.length ? 'completed' : 'interrupted');
        if (status === 'interrupted') {
          const run = await store.open(runId);
          expect(run.history).toEqual(records);
          run.append(ended('failed'));
          await run.flush();
          await run.close();
          expect(await store.records(runId)).toEqual([...records, ended('failed')]);
        }
      }
      expect(await store.verify()).toEqual([]);
      await store.close();
    }
  });

  it('gives way at once, also to another process', async () => {
    const child = program.start(folder, 'hold', 'r');
    await child.line(({ held }) => held === 'r');
    const store = await openEmbeddedJournal(folder);
    const before = [await codeOf(store.open('r')), (await store.info('r'))?.status];
    await child.kill();
    const next = program.start(folder, 'take', 'r');
    const taken = await next.line(({ taken }) => taken !== undefined);
    const after = [await codeOf(store.open('r')), (await store.info('r'))?.status];
    expect({ before, taken, after }).toEqual({
      before: ['JRNL004', 'running'],
      taken: { taken: 1 },
      after: ['JRNL004', 'running'],
    });
    await next.kill();
    expect((await store.info('r'))?.status).toBe('interrupted');
    await store.close();
  });
});

describe('several processes on one folder', () => {
  it('keep their runs apart and see those of the others', async () => {
    const children = ['20', '30', '40'].map((count) => program.start(folder, 'many', count));
    const store = await openEmbeddedJournal(folder);
    for (let i = 0; i < 30; i += 1) {
      const run = await store.create(startOf(`own-${i}`));
      run.append(result(1));
      await run.flush();
      await run.close();
    }
    expect(await Promise.all(children.map((child) => child.end()))).toEqual([0, 0, 0]);
    const { runs } = await store.list({ limit: 1000 });
    const completed = await store.list({ limit: 1000, status: 'completed' });
    expect([runs.length, completed.runs.length]).toEqual([120, 45]);
    expect(await store.verify()).toEqual([]);
    await store.close();
  });

  it('have a run once, however many want it', async () => {
    const store = await openEmbeddedJournal(folder);
    await (await store.create(startOf('r'))).close();
    const children = Array.from({ length: 4 }, () => program.start(folder, 'take', 'r'));
    const answers = await Promise.all(children.map((child) => child.line(() => true)));
    const got = answers.map((answer) => JSON.stringify(answer)).sort();
    expect(got).toEqual([
      '{"refused":"JRNL004"}',
      '{"refused":"JRNL004"}',
      '{"refused":"JRNL004"}',
      '{"taken":0}',
    ]);
    await Promise.all(children.map((child) => child.kill()));
    await store.close();
  });

  it('tell the owner of a run what is asked of it', async () => {
    const child = program.start(folder, 'hold', 'r');
    await child.line(({ held }) => held === 'r');
    const store = await openEmbeddedJournal(folder);
    const event = { id: 'e', checkpoint: 'c', correlation: 1, event: 2 };
    const answers = [await store.deliver('r', event), await store.cancel('r', 'enough')];
    await child.line(({ event }) => event === 'e');
    await child.line(({ lost }) => lost === 'JRNL009');
    expect(answers).toEqual([true, 'asked']);
    expect((await store.info('r'))?.status).toBe('cancelling');
    await child.kill();
    await store.close();
  });

  it('do not compact under each other', async () => {
    const child = program.start(folder, 'hold', 'r');
    await child.line(({ held }) => held === 'r');
    const store = await openEmbeddedJournal(folder);
    expect(await codeOf(store.compact())).toBe('JRNL011');
    await child.kill();
    const { before, after } = await store.compact();
    expect(after).toBeLessThanOrEqual(before);
    expect(await store.records('r')).toEqual([attempt(1)]);
    await store.close();
  });
});
