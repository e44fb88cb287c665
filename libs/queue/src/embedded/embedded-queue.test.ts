import { temporaryFolder } from '../testing/temporary-folder.js';
import { QUEUE_CONFORMANCE } from '../testing/queue-conformance.js';
import { openEmbeddedQueue } from './embedded-queue.js';

let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

describe('openEmbeddedQueue', () => {
  for (const { name, run } of QUEUE_CONFORMANCE) {
    it(name, () =>
      run({ open: (queue, options) => openEmbeddedQueue({ folder, queue, ...options }) }),
    );
  }
});
