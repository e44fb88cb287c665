// Looks through all runs in Redis for damage, and cuts damaged ones back to what is good.
import type { JournalFault } from '../journal-store.js';
import type { JournalClient } from './journal-client.js';
import { textAt } from './journal-client.js';
import { runIdsOf } from './redis-run-list.js';
import { progressFields, startFields } from './redis-run-row.js';
import { damageOf, foundRun, type FoundRun } from './stored-run.js';

/** The faults, in no order. With `repair`, a run that no live owner has is cut back to its last good
 * record, or removed where its start is not good; one that a start of the server may have shortened is
 * taken as it is. */
export async function verifyRuns(
  client: JournalClient,
  repair: boolean,
  trustRestarts: boolean,
): Promise<readonly JournalFault[]> {
  const faults: JournalFault[] = [];
  const runIds: string[] = [];
  for await (const runId of runIdsOf(client)) runIds.push(runId);
  for (const runId of runIds) {
    const answer = await client.run('journal.verify', 'basaltJournalRead', [client.mark, runId]);
    if (textAt(answer, 0) !== 'ok') {
      const repaired = repair && (await forget(client, runId));
      faults.push({ runId, at: 0, reason: 'it is missing', repaired });
      continue;
    }
    const found = foundRun(runId, answer);
    const fault = damageOf(found) ?? (trustRestarts ? undefined : doubtOf(client, found));
    if (fault === undefined) continue;
    faults.push({ runId, ...fault, repaired: repair && (await mend(client, runId, found)) });
  }
  return faults;
}

/** Why the end of a run may be missing although all of it is good. */
function doubtOf(client: JournalClient, { row, read }: FoundRun) {
  if (row === undefined || row.safe || row.instance === client.instance()) return undefined;
  if (row.progress.outcome !== undefined) return undefined;
  const reason = 'the server was started again since, and may have lost what followed';
  return { at: read.progress.records + 1, reason };
}

async function mend(client: JournalClient, runId: string, found: FoundRun): Promise<boolean> {
  const { read } = found;
  if (read.start === undefined) {
    return (await client.run('journal.verify', 'basaltJournalRemove', [runId, '1'])) === 1;
  }
  // Without its document a run cannot be continued, nor compared.
  if (found.document === undefined) return false;
  const { start, document } = read.start;
  const answer = await client.run('journal.verify', 'basaltJournalRepair', [
    ...[client.mark, runId, read.progress.records + 1],
    ...['runId', runId, 'document', document],
    ...startFields(start, found.row?.resumptions ?? 0),
    ...progressFields(read.progress, client),
  ]);
  return answer === 1;
}

/** Takes a run out of the list whose hash is gone. */
async function forget(client: JournalClient, runId: string): Promise<boolean> {
  const key = `${client.prefix}l:all`;
  const members = await client.ask('journal.verify', (redis) => redis.zrange(key, 0, -1));
  const gone = members.filter((member) => member.slice(15) === runId);
  await client.ask('journal.verify', (redis) => redis.zrem(key, ...gone));
  await client.ask('journal.verify', (redis) => redis.del(`${client.prefix}f:${runId}`));
  return gone.length > 0;
}
