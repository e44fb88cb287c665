// Lists of runs in Redis: zsets by time of start, whose members name number and run.
import type { RunInfo, RunPage, RunQuery } from '../journal-store.js';
import type { EndedRun } from '../prune-policy.js';
import { runInfo, statusOf, type Holding } from '../records/run-progress.js';
import { listPosition, pageToken, readQuery, type ListPosition } from '../run-query.js';
import type { JournalClient } from './journal-client.js';
import { rowOf, type RedisRunRow } from './redis-run-row.js';

const AT_ONCE = 200;
const MEMBER = /^([0-9a-f]{14}):(.+)$/s;

interface ListedRun {
  readonly runId: string;
  readonly at: ListPosition;
}

/** One page. @throws JRNL012 where the query makes no sense. */
export async function listRuns(client: JournalClient, query: RunQuery): Promise<RunPage> {
  const { limit, after } = readQuery(query);
  const found: { readonly info: RunInfo; readonly at: ListPosition }[] = [];
  for await (const chunk of listed(client, listName(query), after)) {
    const infos = await infosOf(client, chunk);
    for (const [i, info] of infos.entries()) {
      if (info === undefined) continue;
      if (query.status !== undefined && info.status !== query.status) continue;
      if (query.flow !== undefined && ![info.flowName, info.flowId].includes(query.flow)) continue;
      if (found.length === limit) {
        return { runs: found.map((run) => run.info), next: pageToken(found.at(-1)!.at) };
      }
      found.push({ info, at: chunk[i]!.at });
    }
  }
  return { runs: found.map((run) => run.info) };
}

/** One run; undefined where it is unknown or cannot be read. */
export async function infoOfRun(
  client: JournalClient,
  runId: string,
): Promise<RunInfo | undefined> {
  const [info] = await infosOf(client, [{ runId }]);
  return info;
}

/** All runs, oldest last. */
export async function* runIdsOf(client: JournalClient): AsyncGenerator<string> {
  for await (const chunk of listed(client, 'all', undefined)) {
    for (const { runId } of chunk) yield runId;
  }
}

/** Runs with an outcome, newest first. */
export async function endedRuns(client: JournalClient): Promise<readonly EndedRun[]> {
  const ended: EndedRun[] = [];
  for await (const chunk of listed(client, 'all', undefined)) {
    for (const info of await infosOf(client, chunk)) {
      if (info?.endedAt === undefined) continue;
      ended.push({ runId: info.runId, flow: info.flowName, endedAt: info.endedAt });
    }
  }
  return ended;
}

/** The shortest list that holds all that a query asks for. */
function listName({ flow, status }: RunQuery): string {
  if (flow !== undefined) return `f:${flow}`;
  if (status === undefined) return 'all';
  return /^(completed|failed|cancelled)$/.test(status) ? `s:${status}` : 's:open';
}

/** Chunks of a list, newest first, after a position. */
async function* listed(
  client: JournalClient,
  list: string,
  after: ListPosition | undefined,
): AsyncGenerator<readonly ListedRun[]> {
  const key = `${client.prefix}l:${list}`;
  const from = after?.startedAt ?? '+inf';
  for (let offset = 0; ; offset += AT_ONCE) {
    const found = await client.ask('journal.list', (redis) =>
      redis.zrevrangebyscore(key, from, '-inf', 'WITHSCORES', 'LIMIT', offset, AT_ONCE),
    );
    const runs: ListedRun[] = [];
    for (let i = 0; i < found.length; i += 2) {
      const [, number, runId] = MEMBER.exec(found[i]!) ?? [];
      if (runId === undefined || number === undefined) continue;
      const at = listPosition(Number(found[i + 1]), Number.parseInt(number, 16));
      if (after?.startedAt === at.startedAt && at.number >= after.number) continue;
      runs.push({ runId, at });
    }
    yield runs;
    if (found.length < AT_ONCE * 2) return;
  }
}

async function infosOf(
  client: JournalClient,
  runs: readonly { readonly runId: string }[],
): Promise<readonly (RunInfo | undefined)[]> {
  if (runs.length === 0) return [];
  const answers = await client.ask('journal.list', (redis) =>
    Promise.all(runs.map(({ runId }) => redis.hgetallBuffer(`${client.prefix}r:${runId}`))),
  );
  const rows = answers.map((fields) =>
    rowOf(Object.entries(fields).flatMap(([name, value]) => [Buffer.from(name), value])),
  );
  const owners = new Set(rows.flatMap((row) => row?.owner ?? []));
  const live = new Set<string>();
  await client.ask('journal.list', (redis) =>
    Promise.all(
      [...owners].map(async (owner) => {
        if ((await redis.exists(`${client.prefix}o:${owner}`)) === 1) live.add(owner);
      }),
    ),
  );
  return rows.map((row) => row && infoOf(row, live));
}

function infoOf(row: RedisRunRow, live: ReadonlySet<string>): RunInfo {
  const owner = row.owner !== undefined && live.has(row.owner) ? row.owner : undefined;
  const free: Holding = row.owner === undefined ? 'parked' : 'dead';
  const status = statusOf(
    row.progress,
    owner !== undefined ? 'live' : free,
    row.cancel !== undefined,
  );
  return runInfo(row, row.progress, status, row.resumptions, owner);
}
