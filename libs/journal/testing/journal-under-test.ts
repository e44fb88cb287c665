// What the conformance suite needs of a store, and the set-up of each of its tests.
import type { JournalStore } from '../src/journal-store.js';
import { T0 } from './sample-runs.js';

/** How the stores of one test are opened. */
export interface JournalUnderTest {
  /** A store over the data of this test; called again, another one over the same data. It takes the
   * time from `now` and keeps records of up to `maxRecordBytes` (4096). */
  open(options: { now: () => number; maxRecordBytes: number }): Promise<JournalStore>;
  cleanUp(): Promise<void>;
}

/** How a suite comes by the store of the test that is running. */
export interface TestedStore {
  /** Milliseconds since the epoch that the stores see. */
  now: number;
  store: JournalStore;
  /** Another store over the same data. */
  open(): Promise<JournalStore>;
}

/** Opens a store before each test of the enclosing `describe`, and closes it after. */
export function eachWithStore(make: () => Promise<JournalUnderTest>): TestedStore {
  let under: JournalUnderTest;
  const tested: TestedStore = {
    now: T0,
    store: undefined as never,
    open: () => under.open({ now: () => tested.now, maxRecordBytes: 4096 }),
  };
  beforeEach(async () => {
    tested.now = T0;
    under = await make();
    tested.store = await tested.open();
  });
  afterEach(async () => {
    await tested.store.close();
    await under.cleanUp();
  });
  return tested;
}
