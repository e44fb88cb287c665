// Compares what has happened with what should have: every job has ended as it should, every effect has
// happened once, nothing else has happened.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunRecord } from '@basalt/executor';
import { hashValue, type Value } from '@basalt/ir';
import type { CrashJob } from './crash-jobs.js';
import type { OpenPlace } from './crash-place.js';
import type { Entry } from './effect-ledger.js';

const LOOKS = 50;
const LOOK_MS = 100;

/** What was found; both lists are empty when all is well. */
export interface Verdict {
  /** Jobs or effects that are missing, or ended in another way than they should. */
  readonly lost: readonly string[];
  /** Effects that happened more than once, or that nothing asked for. */
  readonly repeated: readonly string[];
  readonly effects: number;
}

/** Judges jobs that have all ended. */
export async function judgeCrash(
  jobs: readonly CrashJob[],
  place: OpenPlace,
  entries: readonly Entry[],
): Promise<Verdict> {
  const lost: string[] = [];
  const happened = positionsOf(entries);
  for (const job of jobs) {
    const runs = await endedRecordsOf(place, job.job.id);
    lost.push(...(await wrongEnd(job, runs, place)), ...missing(job, happened));
  }
  const asked = new Set(jobs.flatMap(({ expected: e }) => e.effects));
  const repeated = [...happened].flatMap(([what, positions]) => {
    if (!asked.has(what)) return [`${what} happened, and nothing asked for it`];
    return positions.length > 1 ? [`${what} happened ${positions.length} times`] : [];
  });
  return { lost, repeated, effects: entries.length };
}

function positionsOf(entries: readonly Entry[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  entries.forEach(({ what }, i) => found.set(what, [...(found.get(what) ?? []), i]));
  return found;
}

/** Effects that did not happen, or not in the order of a flow without branches. */
function missing(
  { expected: { effects, inOrder } }: CrashJob,
  happened: ReadonlyMap<string, readonly number[]>,
): string[] {
  const lost = effects
    .filter((what) => !happened.has(what))
    .map((what) => `${what} did not happen`);
  if (!inOrder || lost.length > 0) return lost;
  const positions = effects.map((what) => happened.get(what)![0]!);
  const sorted = positions.every((position, i) => i === 0 || positions[i - 1]! < position);
  return sorted ? [] : [`${effects.join(', ')} happened in another order`];
}

/** The records of a job's runs once they have ended. Other processes may see the last ones some time
 * after the queue says that the job is done. */
async function endedRecordsOf(place: OpenPlace, id: string): Promise<readonly RunRecord[][]> {
  for (let left = LOOKS; ; left -= 1) {
    const runs = await recordsOf(place, id);
    if (left === 0 || runs.at(-1)?.at(-1)?.kind === 'ended') return runs;
    await delay(LOOK_MS);
  }
}

/** The records of a job's runs, in their order. */
async function recordsOf({ journal }: OpenPlace, id: string): Promise<readonly RunRecord[][]> {
  const runs: RunRecord[][] = [];
  for (let number = 1; ; number += 1) {
    const runId = number === 1 ? id : `${id}~${number}`;
    if ((await journal.info(runId)) === undefined) return runs;
    runs.push([...(await journal.records(runId))]);
  }
}

async function wrongEnd(
  { job: { id }, expected }: CrashJob,
  runs: readonly RunRecord[][],
  { queue, journal }: OpenPlace,
): Promise<string[]> {
  const state = (await queue.find(id))?.state ?? 'done';
  const letter = await queue.dead.show(id);
  if (expected.dies) {
    if (letter?.cause !== 'rejected') return [`${id} is no rejected dead letter but ${state}`];
  } else if (letter !== undefined) {
    return [`${id} is a dead letter: ${letter.cause}, ${letter.reason.message}`];
  } else if (state !== 'done') {
    return [`${id} is ${state}`];
  }
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
  return equal(expected.output, last.output) ? [] : [`${id} gave ${JSON.stringify(last.output)}`];
}

function equal(expected: Value | undefined, found: Value | undefined): boolean {
  if (expected === undefined) return true;
  return found !== undefined && hashValue(found) === hashValue(expected);
}
