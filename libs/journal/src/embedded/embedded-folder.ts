// The folder of the embedded journal. A queue that is kept with it opens the same folder with tables of
// its own (`openTableStore(folder, { format: EMBEDDED_FORMAT, tables: ['jobs', ...] })`): openers of one
// folder share one environment, so that what both ask for in one turn is one commit.
import type { StoreFormat } from '@basalt/capabilities';

/** The format of a folder that holds journals, and queues beside them. */
export const EMBEDDED_FORMAT: StoreFormat = {
  name: 'basalt-journal',
  version: 1,
  logged: true,
};
