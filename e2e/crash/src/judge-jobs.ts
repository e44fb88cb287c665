// Compares jobs that have all ended with what they should have come to.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunRecord } from '@basalt/executor';
import { hashValue, type Value } from '@basalt/ir';
import type { JournalStore } from '@basalt/journal';
import type { CrashJob } from './crash-jobs.js';
import type { OpenPlace } from './crash-place.js';
import type { Entry } from './effect-ledger.js';
import { judgeEffects, type Verdict } from './effects-verdict.js';

const LOOKS = 50;
const LOOK_MS = 100;

/** Judges jobs and their effects. */
export async function judgeJobs(
  jobs: readonly CrashJob[],
  place: OpenPlace,
  entries: readonly Entry[],
): Promise<Verdict> {
  const { lost, repeated, effects } = judgeEffects(
    jobs.map(({ expected }) => expected),
    entries,
  );
  const ends: string[] = [];
  for (const job of jobs) {
    const wrong = await wrongState(job, place);
    ends.push(...wrong);
    if (wrong.length === 0 && place.journal !== undefined) {
      ends.push(...(await wrongOutcome(job, place.journal)));
    }
  }
  return { lost: [...ends, ...lost], repeated, effects };
}

async function wrongState(
  { job: { id }, expected }: CrashJob,
  { queue }: OpenPlace,
): Promise<string[]> {
  const state = (await queue.find(id))?.state ?? 'done';
  const letter = await queue.dead.show(id);
  if (expected.dies) {
    return letter?.cause === 'rejected' ? [] : [`${id} is no rejected dead letter but ${state}`];
  }
  if (letter !== undefined)
    return [`${id} is a dead letter: ${letter.cause}, ${letter.reason.message}`];
  return state === 'done' ? [] : [`${id} is ${state}`];
}

async function wrongOutcome(
  { job: { id }, expected }: CrashJob,
  journal: JournalStore,
): Promise<string[]> {
  const runs = await endedRecordsOf(journal, id);
  const last = runs.at(-1)?.at(-1);
  if (last?.kind !== 'ended') {
    const kinds = runs.map((records) => records.map(({ kind }) => kind).join(' ')).join(' | ');
    const info = await journal.info(id);
    const known = `${info?.status ?? 'unknown'}, taken up ${info?.resumptions ?? 0} times`;
    return [`${id} has no run that has ended (${known}): ${kinds}`];
  }
  if (expected.status !== undefined && last.status !== expected.status) {
    const reasons = last.findings.map(({ code, message }) => `${code} ${message}`).join('; ');
    return [`the run of ${id} has ${last.status}: ${reasons}`];
  }
  return isExpected(expected.output, last.output)
    ? []
    : [`${id} gave ${JSON.stringify(last.output)}`];
}

/** Whether an output is what it should be; any is, where nothing is expected. */
export function isExpected(expected: Value | undefined, found: Value | undefined): boolean {
  if (expected === undefined) return true;
  return found !== undefined && hashValue(found) === hashValue(expected);
}

/** The records of a job's runs once they have ended. Other processes may see the last ones some time
 * after the queue says that the job is done. */
async function endedRecordsOf(journal: JournalStore, id: string): Promise<readonly RunRecord[][]> {
  for (let left = LOOKS; ; left -= 1) {
    const runs = await recordsOf(journal, id);
    if (left === 0 || runs.at(-1)?.at(-1)?.kind === 'ended') return runs;
    await delay(LOOK_MS);
  }
}

/** The records of a job's runs, in their order. */
async function recordsOf(journal: JournalStore, id: string): Promise<readonly RunRecord[][]> {
  const runs: RunRecord[][] = [];
  for (let number = 1; ; number += 1) {
    const runId = number === 1 ? id : `${id}~${number}`;
    if ((await journal.info(runId)) === undefined) return runs;
    runs.push([...(await journal.records(runId))]);
  }
}
