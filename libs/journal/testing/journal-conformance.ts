// What every store of journals does, as tests: a store's own test file calls `describeJournal`.
import { describeLifeOfRuns } from './conformance-of-life.js';
import { describeManyRuns } from './conformance-of-lists.js';
import { describeRuns } from './conformance-of-runs.js';
import type { JournalUnderTest } from './journal-under-test.js';

/** Runs the suite. @param make prepares empty data for one test. */
export function describeJournal(name: string, make: () => Promise<JournalUnderTest>): void {
  describeRuns(name, make);
  describeLifeOfRuns(name, make);
  describeManyRuns(name, make);
}
