// A queue on Restate, for producers and operators: jobs are invocations, sent with their ids as
// idempotency keys. Its workers are endpoints that serve flows (restate-flows.ts).
//
// What Restate cannot do of a queue is refused with QUE305, each for its reason: see REFUSED. Different
// from the other backends: jobs of one request are sent one after another, so that a lost server may
// leave the first of them taken in (their ids make a repetition harmless); counts and totals are those of
// invocations that Restate remembers, a day long.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { admitJob } from '../admit-job.js';
import { jobOfData, textOfJob } from '../job-json.js';
import { DEFAULT_DEDUPE_TTL_MS, type DeadLetter, type Job } from '../job.js';
import type { DeadLetterPage, Enqueued, QueueBackend, QueueStatus } from '../queue-backend.js';
import { checkQueueName } from '../queue-name.js';
import {
  restateClient,
  sqlText,
  type RestateClient,
  type RestateOptions,
} from './restate-client.js';
import { restateKey, restateNames, type RestateNames } from './restate-names.js';
import { PUT_ASIDE, type KeptLetter } from './kept-letter.js';
import { isPaused, setPaused } from './restate-pause.js';
import { dropSchedule, listSchedules, putSchedule } from './restate-schedules.js';

export interface RestateQueueOptions extends RestateOptions {
  /** Largest job, in bytes of its record; 1 MiB when absent. */
  readonly maxJobBytes?: number | undefined;
}

const DEFAULT_PAGE = 100;

const REFUSED = {
  work: 'it pushes jobs to endpoints; serve flows with serveRestateFlows',
  resume: 'flows that park are not served there',
} as const;

/** Opens a queue. @throws DiagnosticError QUE103 for a name. */
export function openRestateQueue(options: RestateQueueOptions): QueueBackend {
  const names = restateNames(checkQueueName(options.queue));
  const { queue } = options;
  const client = restateClient(options);
  let closed = false;
  const open = (call: string): RestateClient => {
    if (closed) throw new DiagnosticError([diagnostic.QUE104({ call, queue })]);
    return client;
  };
  const refusal = (call: keyof typeof REFUSED) =>
    new DiagnosticError([diagnostic.QUE305({ queue, call, reason: REFUSED[call] })]);
  const refuse = (call: keyof typeof REFUSED) => async (): Promise<never> => {
    open(call);
    throw refusal(call);
  };
  return {
    kind: 'restate',
    queue,
    async enqueue(jobs) {
      open('enqueue');
      const now = Date.now();
      const admitted = jobs.map((job) => admitJob(job, now, options.maxJobBytes).job);
      for (const { priority, id } of admitted) {
        if (priority === 0) continue;
        const reason = `it takes jobs in the order of arrival (the job ${id} has one)`;
        throw new DiagnosticError([diagnostic.QUE305({ queue, call: 'priority', reason })]);
      }
      const answers: Enqueued[] = [];
      for (const job of admitted) answers.push(await send(client, names, job, now));
      return answers;
    },
    work() {
      throw refusal('work');
    },
    status: async () => statusOf(open('status'), names),
    find: async (id) => findJob(open('find'), names, id),
    remove: async (id) => removeJob(open('remove'), names, id),
    resume: refuse('resume'),
    pause: async () => setPaused(open('pause'), names, true),
    unpause: async () => setPaused(open('unpause'), names, false),
    schedule: async (schedule) =>
      putSchedule(open('schedule'), names, schedule, options.maxJobBytes),
    unschedule: async (id) => dropSchedule(open('unschedule'), names, id),
    schedules: async () => listSchedules(open('schedules'), names),
    dead: deadLetters(open, names),
    async close() {
      closed = true;
    },
  };
}

async function send(
  client: RestateClient,
  names: RestateNames,
  job: Job,
  now: number,
): Promise<Enqueued> {
  const { id, dedupeKey, dedupeTtlMs = DEFAULT_DEDUPE_TTL_MS, partition, notBefore = 0 } = job;
  if (dedupeKey !== undefined) {
    const path = `${names.keys}/${encodeURIComponent(restateKey(dedupeKey))}/hold`;
    const holder = (await client.call(path, { id, ttlMs: dedupeTtlMs })) as string;
    if (holder !== id) return { id: holder, duplicate: true };
  }
  const target =
    partition === undefined
      ? `${names.jobs}/deliver`
      : `${names.lanes}/${encodeURIComponent(restateKey(partition))}/deliver`;
  const delayMs = Math.max(0, notBefore - now);
  const { known } = await client.send(target, JSON.parse(textOfJob(job)), {
    idempotencyKey: restateKey(id),
    delayMs,
  });
  return { id, duplicate: known };
}

/** The invocations of jobs, in a query. */
function ofJobs(names: RestateNames): string {
  return `target_service_name IN (${sqlText(names.jobs)}, ${sqlText(names.lanes)})`;
}

const STATES = {
  scheduled: 'delayed',
  pending: 'ready',
  ready: 'ready',
  running: 'active',
  'backing-off': 'active',
  paused: 'active',
  suspended: 'delayed',
} as const;

async function statusOf(client: RestateClient, names: RestateNames): Promise<QueueStatus> {
  const counts = { ready: 0, delayed: 0, active: 0, parked: 0, dead: 0 };
  const totals = { enqueued: 0, done: 0, retried: 0, dead: 0, duplicates: 0 };
  const rows = await client.query(
    `SELECT status, completion_result AS result, ` +
      `completion_failure LIKE '%${PUT_ASIDE}%' AS aside, COUNT(*) AS number ` +
      `FROM sys_invocation WHERE ${ofJobs(names)} GROUP BY 1, 2, 3`,
  );
  for (const { status, result, aside, number } of rows) {
    totals.enqueued += Number(number);
    const state = STATES[status as keyof typeof STATES];
    if (state !== undefined) counts[state] += Number(number);
    else if (result === 'success') totals.done += Number(number);
    else if (aside === true) totals.dead += Number(number);
  }
  const letters = await client.query(
    `SELECT value_utf8 LIKE '%"cause":"poison"%' AS poison, COUNT(*) AS number ` +
      `FROM state WHERE service_name = ${sqlText(names.dead)} GROUP BY 1`,
  );
  for (const { poison, number } of letters) {
    counts.dead += Number(number);
    // Their invocations were killed, as removed ones are.
    if (poison === true) totals.dead += Number(number);
  }
  return {
    queue: client.queue,
    paused: await isPaused(client, names),
    counts,
    totals,
    workers: [],
  };
}

/** The invocation of a job that Restate remembers. */
async function invocationOf(client: RestateClient, names: RestateNames, id: string) {
  const rows = await client.query(
    `SELECT id, status FROM sys_invocation WHERE ${ofJobs(names)} ` +
      `AND idempotency_key = ${sqlText(restateKey(id))} LIMIT 1`,
  );
  const [row] = rows as readonly { readonly id: string; readonly status: string }[];
  return row;
}

/** Restate does not give back what it was sent: only of dead jobs the content is known. */
async function findJob(client: RestateClient, names: RestateNames, id: string) {
  const letter = await letterOf(client, names, id);
  return letter?.job === undefined ? undefined : { job: letter.job, state: 'dead' as const };
}

async function removeJob(client: RestateClient, names: RestateNames, id: string): Promise<boolean> {
  const letter = await letterOf(client, names, id);
  if (letter !== undefined) {
    await takeLetter(client, names, id);
    return true;
  }
  const found = await invocationOf(client, names, id);
  if (found === undefined || !['scheduled', 'pending', 'ready'].includes(found.status)) {
    return false;
  }
  return client.command('PATCH', `invocations/${found.id}/kill`);
}

function takeLetter(client: RestateClient, names: RestateNames, id: string) {
  return client.call(`${names.dead}/${encodeURIComponent(restateKey(id))}/take`, null);
}

async function letterOf(
  client: RestateClient,
  names: RestateNames,
  id: string,
): Promise<DeadLetter | undefined> {
  const [letter] = await lettersOf(client, names, `AND service_key = ${sqlText(restateKey(id))}`);
  return letter;
}

async function lettersOf(
  client: RestateClient,
  names: RestateNames,
  where: string,
): Promise<DeadLetter[]> {
  const rows = await client.query(
    `SELECT value_utf8 FROM state WHERE service_name = ${sqlText(names.dead)} ${where}`,
  );
  return rows
    .map(({ value_utf8: text }) => readLetter(JSON.parse(String(text)) as KeptLetter))
    .sort((a, b) => a.diedAt - b.diedAt);
}

function readLetter({ data, id, cause, code, message, attempts, diedAt }: KeptLetter): DeadLetter {
  const read = jobOfData(data);
  const rest = { id, attempts, reason: { code, message }, cause, diedAt };
  if ('job' in read) return { ...rest, job: read.job };
  return { ...rest, raw: new Uint8Array(Buffer.from(JSON.stringify(data) ?? '')) };
}

function deadLetters(
  open: (call: string) => RestateClient,
  names: RestateNames,
): QueueBackend['dead'] {
  const chosen = async (client: RestateClient, ids: readonly string[] | undefined) => {
    const all = await lettersOf(client, names, '');
    return ids === undefined ? all : all.filter(({ id }) => ids.includes(id));
  };
  return {
    async list({ offset = 0, limit = DEFAULT_PAGE } = {}): Promise<DeadLetterPage> {
      const all = await lettersOf(open('dead.list'), names, '');
      return { letters: all.slice(offset, offset + Math.max(0, limit)), total: all.length };
    },
    show: async (id) => letterOf(open('dead.show'), names, id),
    async replay(ids) {
      const client = open('dead.replay');
      const replayed: string[] = [];
      for (const { id, job } of await chosen(client, ids)) {
        if (job === undefined) continue;
        // Restate remembers the id: a fresh invocation needs that it forgets the first one.
        const first = await invocationOf(client, names, id);
        if (first !== undefined) await client.command('PATCH', `invocations/${first.id}/purge`);
        await send(client, names, { ...job, dedupeKey: undefined, notBefore: 0 }, Date.now());
        await takeLetter(client, names, id);
        replayed.push(id);
      }
      return replayed;
    },
    async purge(ids) {
      const client = open('dead.purge');
      const letters = await chosen(client, ids);
      for (const { id } of letters) await takeLetter(client, names, id);
      return letters.length;
    },
  };
}
