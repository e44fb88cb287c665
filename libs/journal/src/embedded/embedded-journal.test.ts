import { describeJournal } from '../../testing/journal-conformance.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { openEmbeddedJournal } from './embedded-journal.js';

describeJournal('openEmbeddedJournal', async () => {
  const { path, cleanUp } = await temporaryFolder();
  return { open: (options) => openEmbeddedJournal(path, options), cleanUp };
});
