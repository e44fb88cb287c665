// Dead letters: BullMQ's failed jobs, in the order in which they died.
import type { DeadLetter } from '../job.js';
import type { DeadLetterPage, QueueBackend } from '../queue-backend.js';
import { parseFailedReason } from './failed-reason.js';
import type { QueueClient } from './queue-client.js';
import { bullJobId, plainJobId } from './redis-keys.js';
import { jobOfText } from '../job-json.js';

const DEFAULT_PAGE = 100;
/** Letters that one script moves. */
const AT_ONCE = 1_000;

/** The dead letters of a queue. */
export function redisDeadLetters(client: QueueClient): QueueBackend['dead'] {
  const failedKey = `${client.prefix}failed`;
  const idsOf = async (ids: readonly string[] | undefined): Promise<string[]> => {
    if (ids === undefined) return client.ask('dead', (redis) => redis.zrange(failedKey, 0, -1));
    return [...new Set(ids)].flatMap((id) => [bullJobId(id), id]);
  };
  return {
    async list({ offset = 0, limit = DEFAULT_PAGE } = {}): Promise<DeadLetterPage> {
      if (limit <= 0) return { letters: [], total: await totalOf(client, failedKey) };
      const ids = await client.ask('dead.list', (redis) =>
        redis.zrange(failedKey, offset, offset + limit - 1),
      );
      const letters = await lettersOf(client, ids);
      return { letters, total: await totalOf(client, failedKey) };
    },
    async show(id) {
      const [letter] = await lettersOf(client, [bullJobId(id), id], failedKey);
      return letter;
    },
    async replay(ids) {
      const found: string[] = [];
      for (const part of chunks(await idsOf(ids))) {
        const letters = await lettersOf(client, part, failedKey);
        // What cannot be read would only die again.
        const names = new Map(
          letters.filter(({ job }) => job !== undefined).map(({ id }) => [bullJobId(id), id]),
        );
        const moved = await client.run('basaltReplay', [Date.now(), ...names.keys()]);
        found.push(...(moved as string[]).map((id) => names.get(id)!));
      }
      return found;
    },
    async purge(ids) {
      let gone = 0;
      for (const part of chunks(await idsOf(ids))) {
        gone += (await client.run('basaltPurge', part)) as number;
      }
      return gone;
    },
  };
}

function totalOf(client: QueueClient, failedKey: string): Promise<number> {
  return client.ask('dead.list', (redis) => redis.zcard(failedKey));
}

/** The letters under these ids of BullMQ; with `failedKey` only those that are dead. */
async function lettersOf(
  client: QueueClient,
  ids: readonly string[],
  failedKey?: string,
): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const id of ids) {
    const [dead, kept] = await client.ask('dead.show', (redis) =>
      Promise.all([
        failedKey === undefined ? '' : redis.zscore(failedKey, id),
        redis.hmgetBuffer(`${client.prefix}${id}`, 'data', 'failedReason', 'finishedOn', 'atm'),
      ]),
    );
    if (dead !== null && kept[2] !== null && kept[2] !== undefined) {
      letters.push(letterOf(id, kept as (Buffer | null)[]));
    }
  }
  return letters;
}

function letterOf(bullId: string, [data, failed, finished, atm]: (Buffer | null)[]): DeadLetter {
  const read = jobOfText(data?.toString(), plainJobId(bullId));
  const { cause, reason, attempts } = parseFailedReason(String(failed), Number(atm));
  const rest = { attempts, reason, cause, diedAt: Number(finished) };
  if ('job' in read) return { id: read.job.id, job: read.job, ...rest };
  return { id: bullId, ...rest, raw: new Uint8Array(data ?? []) };
}

function* chunks(ids: readonly string[]): Generator<readonly string[]> {
  for (let i = 0; i < ids.length; i += AT_ONCE) yield ids.slice(i, i + AT_ONCE);
}
