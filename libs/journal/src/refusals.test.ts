// What a store refuses, in the words that its caller reads.
import { type DiagnosticError } from '@basalt/diagnostics';
import { ended, inChunks, result, startOf } from '../testing/sample-runs.js';
import type { JournalStore } from './journal-store.js';
import { memoryJournal } from './memory/memory-journal.js';

async function messageOf(refused: Promise<unknown>): Promise<string> {
  try {
    return `resolved: ${String(await refused)}`;
  } catch (error) {
    const { code, message } = (error as DiagnosticError).diagnostic;
    return `${code}: ${message}`;
  }
}

/** A store with a live run `live` and an ended run `over`. */
async function filled(): Promise<JournalStore> {
  const store = memoryJournal({ maxRecordBytes: 500 });
  await store.create(startOf('live'));
  const over = await store.create(startOf('over'));
  over.append(ended());
  await over.close();
  return store;
}

describe('a store', () => {
  it.each<[string, (store: JournalStore) => Promise<unknown>]>([
    [
      'JRNL001: There is a journal of a run live already.',
      (store) => store.create(startOf('live')),
    ],
    ['JRNL002: There is no journal of a run none.', (store) => store.open('none')],
    ['JRNL003: The run over has ended: completed.', (store) => store.open('over')],
    [
      'JRNL004: The run live belongs to this process, which is alive.',
      (store) => store.open('live'),
    ],
    [
      'JRNL006: a run id cannot be kept: it is longer than 1024 bytes.',
      (store) => store.create(startOf('x'.repeat(10_000))),
    ],
    [
      'JRNL007: A record of the run new has 724 bytes, and at most 500 are kept.',
      async (store) => {
        const run = await store.create(startOf('new'));
        run.append(result(1, 'x'.repeat(500)));
        return run.flush();
      },
    ],
    [
      'JRNL010: Item 0 of the export is not good: it does not begin as one.',
      (store) => store.importRuns(inChunks(Buffer.from('nothing of ours'), 5)),
    ],
    [
      'JRNL012: The query of runs is refused: the limit 0 is not from 1 to 1000.',
      (store) => store.list({ limit: 0 }),
    ],
  ])('says %s', async (message, act) => {
    expect(await messageOf(act(await filled()))).toBe(message);
  });
});
