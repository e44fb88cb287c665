// Schedules in Redis: a hash of their definitions and a zset of their next ticks. Any worker may fire a
// tick; the script that takes it also makes its job, so it is made once.
import { DiagnosticError } from '@basalt/diagnostics';
import { valueFromJson, valueToJson, type Json, type Value } from '@basalt/ir';
import { randomUUID } from 'node:crypto';
import { admitJob } from '../admit-job.js';
import type { Schedule } from '../queue-backend.js';
import { checkSchedule, jobOfTick, lastTick, nextTick } from '../schedule-ticks.js';
import type { QueueClient } from './queue-client.js';
import { enqueueArguments } from './stored-job.js';

const DUE_AT_ONCE = 100;

const hashKey = ({ prefix }: QueueClient) => `${prefix}basalt:schedules`;
const ticksKey = ({ prefix }: QueueClient) => `${prefix}basalt:ticks`;

/** Keeps a schedule, in place of one with its id. @throws DiagnosticError QUE106, QUE101, QUE102. */
export async function putSchedule(
  client: QueueClient,
  schedule: Schedule,
  maxJobBytes: number | undefined,
): Promise<void> {
  const now = Date.now();
  checkSchedule(schedule, now, maxJobBytes);
  const text = JSON.stringify(valueToJson(schedule as unknown as Value));
  await client.ask('schedule', (redis) =>
    redis
      .multi()
      .hset(hashKey(client), schedule.id, text)
      .zadd(ticksKey(client), nextTick(schedule, now)!, schedule.id)
      .exec(),
  );
}

/** Removes one; false where there is none. */
export async function dropSchedule(client: QueueClient, id: string): Promise<boolean> {
  const answers = await client.ask('unschedule', (redis) =>
    redis.multi().hdel(hashKey(client), id).zrem(ticksKey(client), id).exec(),
  );
  return answers?.[0]?.[1] === 1;
}

/** All of them. */
export async function listSchedules(client: QueueClient): Promise<readonly Schedule[]> {
  const found = await client.ask('schedules', (redis) => redis.hvals(hashKey(client)));
  return found.map(scheduleOf);
}

/** Makes the jobs of all ticks that are due. Ticks that were missed make one job together. */
export async function fireSchedules(client: QueueClient, maxJobBytes?: number): Promise<void> {
  const now = Date.now();
  const due = await client.ask('upkeep', (redis) =>
    redis.zrangebyscore(ticksKey(client), 0, now, 'WITHSCORES', 'LIMIT', 0, DUE_AT_ONCE),
  );
  for (let i = 0; i < due.length; i += 2) {
    await fire(client, due[i]!, Number(due[i + 1]), now, maxJobBytes);
  }
}

async function fire(
  client: QueueClient,
  id: string,
  tick: number,
  now: number,
  maxJobBytes: number | undefined,
): Promise<void> {
  const text = await client.ask('upkeep', (redis) => redis.hget(hashKey(client), id));
  if (text === null) return;
  const schedule = scheduleOf(text);
  const last = lastTick(schedule, tick, now);
  const next = nextTick(schedule, now) ?? '';
  const job = enqueueArguments(admitJob(jobOfTick(schedule, last), now, maxJobBytes));
  await client.run('basaltTick', [id, tick, next, now, randomUUID(), ...job]);
}

function scheduleOf(text: string): Schedule {
  try {
    return valueFromJson(JSON.parse(text) as Json) as unknown as Schedule;
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw new SyntaxError('a schedule in Redis is not JSON', { cause: error });
  }
}
