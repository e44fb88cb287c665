import { describeJournal } from '../../testing/journal-conformance.js';
import { attempt, startOf } from '../../testing/sample-runs.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { openEmbeddedJournal } from './embedded-journal.js';

describeJournal('openEmbeddedJournal', async () => {
  const { path, cleanUp } = await temporaryFolder();
  return { open: (options) => openEmbeddedJournal(path, options), cleanUp };
});

it('keeps what comes into the log while that is brought into the tables', async () => {
  const { path, cleanUp } = await temporaryFolder();
  const store = await openEmbeddedJournal(path);
  try {
    const [first, second] = [await store.create(startOf('a')), await store.create(startOf('b'))];
    // Reading makes the log, and brings what is in it into the tables.
    await store.records('a');
    first.append(attempt(1));
    await first.flush();
    second.append(attempt(1));
    const flushed = second.flush();
    await Promise.all([flushed, store.records('a')]);
    expect(await store.records('b')).toEqual([attempt(1)]);
  } finally {
    await store.close();
    await cleanUp();
  }
});
