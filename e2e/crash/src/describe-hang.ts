// Which jobs do not end, and how far their runs have come.
import type { CrashJob } from './crash-jobs.js';
import type { OpenPlace } from './crash-place.js';

/** For people, a line a job. */
export async function describeHang(
  { queue, journal }: OpenPlace,
  jobs: readonly CrashJob[],
): Promise<string> {
  const { counts } = await queue.status();
  const lines = [`The course hangs: ${JSON.stringify(counts)}.`];
  for (const { job, expected } of jobs) {
    const state = (await queue.find(job.id))?.state;
    if (state === undefined || state === 'done' || (state === 'dead' && expected.dies)) continue;
    const letter = await queue.dead.show(job.id);
    const run = await journal?.info(job.id);
    const records = run === undefined ? [] : await journal!.records(job.id);
    const kinds = records.map((r) => ('alias' in r ? `${r.kind}:${r.alias}` : r.kind)).join(' ');
    const reason = letter === undefined ? '' : ` (${letter.reason.code} ${letter.reason.message})`;
    lines.push(`${expected.flow} ${job.id} is ${state}${reason}; run ${run?.status}: ${kinds}`);
  }
  return lines.join('\n');
}
