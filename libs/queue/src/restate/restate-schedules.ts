// Schedules on Restate: an object for each, which sends itself its next tick with a delay. The handler of
// a tick runs on an endpoint of the queue, so ticks wait while there is none, and make one job together.
import { rpc, type Context, type ObjectContext } from '@restatedev/restate-sdk';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { valueFromJson, valueToJson, type Json, type Value } from '@basalt/ir';
import { admitJob } from '../admit-job.js';
import { textOfJob } from '../job-json.js';
import { DEFAULT_DEDUPE_TTL_MS, type Job } from '../job.js';
import type { Schedule } from '../queue-backend.js';
import { checkSchedule, jobOfTick, lastTick, nextTick } from '../schedule-ticks.js';
import { sqlText, type RestateClient } from './restate-client.js';
import { restateKey, type RestateNames } from './restate-names.js';

/** A schedule as its object keeps it. */
interface KeptSchedule {
  readonly schedule: Json;
  /** Tells the ticks of this definition from those of one that it has replaced. */
  readonly version: string;
}

interface Tick {
  readonly at: number;
  readonly version: string;
}

const KEPT = 'schedule';

/** What the object of a schedule does. */
export function scheduleHandlers(names: RestateNames) {
  const sendTick = (ctx: ObjectContext, schedule: Schedule, after: number, version: string) => {
    const at = nextTick(schedule, after);
    if (at === undefined) return;
    ctx
      .objectSendClient<{ tick: (ctx: ObjectContext, tick: Tick) => Promise<void> }>(
        { name: names.schedules },
        ctx.key,
      )
      .tick({ at, version }, rpc.sendOpts({ delay: Math.max(0, at - after) }));
  };
  return {
    async put(ctx: ObjectContext, schedule: Json): Promise<null> {
      const version = ctx.rand.uuidv4();
      ctx.set<KeptSchedule>(KEPT, { schedule, version });
      sendTick(ctx, scheduleOf(schedule), await ctx.date.now(), version);
      return null;
    },
    async drop(ctx: ObjectContext): Promise<boolean> {
      const kept = await ctx.get<KeptSchedule>(KEPT);
      ctx.clear(KEPT);
      return kept !== null;
    },
    async tick(ctx: ObjectContext, { at, version }: Tick): Promise<void> {
      const kept = await ctx.get<KeptSchedule>(KEPT);
      if (kept?.version !== version) return;
      const schedule = scheduleOf(kept.schedule);
      const now = Math.max(at, await ctx.date.now());
      // It was checked when it was put; what it may have of bytes was bounded then.
      const made = jobOfTick(schedule, lastTick(schedule, at, now));
      await sendJob(ctx, names, admitJob(made, now, Infinity).job);
      sendTick(ctx, schedule, now, version);
    },
  };
}

/** Enqueues a job from a handler. */
async function sendJob(ctx: Context, names: RestateNames, job: Job): Promise<void> {
  const { id, dedupeKey, dedupeTtlMs = DEFAULT_DEDUPE_TTL_MS, partition } = job;
  if (dedupeKey !== undefined) {
    const held = { name: names.keys };
    const holder = await ctx
      .objectClient<{
        hold: (ctx: ObjectContext, asked: { id: string; ttlMs: number }) => Promise<string>;
      }>(held, restateKey(dedupeKey))
      .hold({ id, ttlMs: dedupeTtlMs });
    if (holder !== id) return;
  }
  const data: unknown = JSON.parse(textOfJob(job));
  const options = rpc.sendOpts<unknown>({ idempotencyKey: restateKey(id) });
  if (partition === undefined) {
    ctx
      .serviceSendClient<{ deliver: (ctx: Context, data: unknown) => Promise<void> }>({
        name: names.jobs,
      })
      .deliver(data, options);
  } else {
    ctx
      .objectSendClient<{ deliver: (ctx: ObjectContext, data: unknown) => Promise<void> }>(
        { name: names.lanes },
        restateKey(partition),
      )
      .deliver(data, options);
  }
}

/** Keeps a schedule, in place of one with its id. @throws DiagnosticError QUE106, QUE101, QUE102, and
 * QUE305 for a job with a priority. */
export async function putSchedule(
  client: RestateClient,
  names: RestateNames,
  schedule: Schedule,
  maxJobBytes: number | undefined,
): Promise<void> {
  checkSchedule(schedule, Date.now(), maxJobBytes);
  if ((schedule.job.priority ?? 0) !== 0) {
    const reason = `it takes jobs in the order of arrival (that of the schedule ${schedule.id} has one)`;
    const params = { queue: client.queue, call: 'priority', reason };
    throw new DiagnosticError([diagnostic.QUE305(params)]);
  }
  await client.call(`${pathOf(names, schedule.id)}/put`, valueToJson(schedule as unknown as Value));
}

/** Removes one; false where there is none. */
export async function dropSchedule(client: RestateClient, names: RestateNames, id: string) {
  return (await client.call(`${pathOf(names, id)}/drop`, null)) === true;
}

/** All of them. */
export async function listSchedules(
  client: RestateClient,
  names: RestateNames,
): Promise<readonly Schedule[]> {
  const rows = await client.query(
    `SELECT value_utf8 FROM state WHERE service_name = ${sqlText(names.schedules)}`,
  );
  return rows.map(({ value_utf8: text }) =>
    scheduleOf((JSON.parse(String(text)) as KeptSchedule).schedule),
  );
}

function pathOf(names: RestateNames, id: string): string {
  return `${names.schedules}/${encodeURIComponent(restateKey(id))}`;
}

function scheduleOf(json: Json): Schedule {
  return valueFromJson(json) as unknown as Schedule;
}
