// The services of a queue on Restate: jobs, partitions, dead letters, dedupe keys and the ledger of
// deliveries. A job is one invocation, which makes its attempts, waits between them, and ends when it is
// done or a dead letter; Restate starts it again where its worker dies.
import {
  TerminalError,
  object,
  service,
  type Context,
  type ObjectContext,
} from '@restatedev/restate-sdk';
import { diagnostic } from '@basalt/diagnostics';
import type { DeliveryOutcome, Job } from '../job.js';
import { jobOfData } from '../job-json.js';
import { retryDelay } from '../retry-delay.js';
import { PUT_ASIDE, type KeptLetter } from './kept-letter.js';
import type { RestateClient } from './restate-client.js';
import { restateKey, type RestateNames } from './restate-names.js';
import { PauseSign, beginAttempt, pauseHandlers, type Begun } from './restate-pause.js';
import { countStart, forgetStarts, startsHandlers } from './restate-quarantine.js';
import { scheduleHandlers } from './restate-schedules.js';
import { StepLog } from './step-log.js';

/** Executes one attempt of a job. It is called again, from its begin, when the invocation is replayed;
 * what it does goes through the log. Its outcome must be the same then. */
export type RestateAttempt = (
  job: Job,
  attempt: number,
  turn: { readonly log: StepLog; readonly startedAt: number; readonly number: number },
) => Promise<DeliveryOutcome>;

/** How long Restate remembers a job that is done, and so its id. */
const REMEMBERED = { hours: 24 };

/** What the services of a queue need. */
interface Serving {
  readonly names: RestateNames;
  readonly client: RestateClient;
  readonly sign: PauseSign;
  readonly execute: RestateAttempt;
}

export function restateServices(
  names: RestateNames,
  client: RestateClient,
  execute: RestateAttempt,
) {
  const serving = { names, client, execute, sign: new PauseSign(client, names) };
  const deliver = (ctx: Context, data: unknown) => deliverJob(ctx, data, serving);
  const options = { idempotencyRetention: REMEMBERED, journalRetention: { hours: 0 } };
  return [
    service({ name: names.jobs, handlers: { deliver }, options }),
    object({ name: names.lanes, handlers: { deliver }, options }),
    object({
      name: names.dead,
      handlers: {
        put: async (ctx: ObjectContext, letter: KeptLetter) => {
          ctx.set('letter', letter);
          return null;
        },
        take: async (ctx: ObjectContext) => {
          const letter = await ctx.get<KeptLetter>('letter');
          ctx.clearAll();
          return letter;
        },
      },
    }),
    object({ name: names.keys, handlers: { hold: holdKey } }),
    object({ name: names.ledger, handlers: { reserve, complete, release } }),
    object({ name: names.schedules, handlers: scheduleHandlers(names) }),
    object({ name: names.control, handlers: pauseHandlers }),
    object({ name: names.starts, handlers: startsHandlers }),
  ];
}

async function deliverJob(ctx: Context, data: unknown, serving: Serving): Promise<void> {
  const { names, client } = serving;
  const read = jobOfData(data);
  const invocation = String(ctx.request().id);
  const bury: Bury = async (letter) => {
    const diedAt = await ctx.date.now();
    await ctx
      .objectClient<{ put: (ctx: ObjectContext, letter: KeptLetter) => Promise<null> }>(
        { name: names.dead },
        restateKey(letter.id),
      )
      .put({ ...letter, data, diedAt });
    // Restate tells invocations apart that failed and that did what they should.
    return new TerminalError(`${PUT_ASIDE}: ${letter.code}`);
  };
  if ('problem' in read) {
    const { code, message } = diagnostic.QUE304({ problem: read.problem });
    throw await bury({ id: invocation, cause: 'malformed', code, message, attempts: 0 });
  }
  const { job } = read;
  const begun = await beginAttempt(ctx, serving.sign);
  if (begun.again) await countStart(client, names, invocation, job, data);
  try {
    await makeAttempts(ctx, job, begun, serving, bury);
  } finally {
    if (begun.again) await forgetStarts(client, names, invocation).catch(() => undefined);
  }
}

type Bury = (letter: Omit<KeptLetter, 'data' | 'diedAt'>) => Promise<TerminalError>;

/** Executes attempts until one decides. */
async function makeAttempts(
  ctx: Context,
  job: Job,
  first: Begun,
  { sign, execute }: Serving,
  bury: Bury,
): Promise<void> {
  let begun = first;
  for (let attempt = 1, number = 1; ; number += 1) {
    const { startedAt } = begun;
    const log = new StepLog(stepsOf(ctx, number));
    const outcome = await execute(job, attempt, { log, startedAt, number });
    switch (outcome.kind) {
      case 'done':
        return;
      case 'dead':
        throw await bury({ id: job.id, cause: 'rejected', ...outcome.reason, attempts: attempt });
      case 'parked':
        throw new TerminalError('a job was parked, which its service does not do');
      case 'retry': {
        const { countsAttempt, delayMs, reason } = outcome;
        if (countsAttempt !== false && attempt >= job.maxAttempts) {
          throw await bury({ id: job.id, cause: 'exhausted', ...reason, attempts: attempt });
        }
        await ctx.sleep(delayMs ?? retryDelay(job.backoff, attempt, ctx.rand.random()));
        if (countsAttempt !== false) attempt += 1;
        begun = await beginAttempt(ctx, sign);
        break;
      }
      default:
        return outcome satisfies never;
    }
  }
}

/** Steps of one attempt: their names tell attempts apart, for people who look at an invocation. */
function stepsOf(ctx: Context, number: number) {
  return {
    run: <T>(name: string, action: () => Promise<T>) => ctx.run(`${number}: ${name}`, action),
  };
}

interface HeldKey {
  readonly id: string;
  readonly until: number;
}

/** Gives the id of the job that holds a dedupe key: the one that asks, where none does. */
async function holdKey(ctx: ObjectContext, asked: { id: string; ttlMs: number }): Promise<string> {
  const now = await ctx.date.now();
  const held = await ctx.get<HeldKey>('held');
  if (held !== null && held.until > now) return held.id;
  ctx.set('held', { id: asked.id, until: now + asked.ttlMs });
  return asked.id;
}

interface LedgerEntry {
  readonly owner: string;
  readonly input: string;
  readonly ttlMs: number;
  readonly doneUntil?: number;
}

async function reserve(ctx: ObjectContext, asked: { owner: string; input: string; ttlMs: number }) {
  const now = await ctx.date.now();
  const entry = await ctx.get<LedgerEntry>('entry');
  if (entry !== null && entry.doneUntil === undefined) {
    return entry.owner === asked.owner ? { state: 'own' } : { state: 'held', owner: entry.owner };
  }
  if (entry?.doneUntil !== undefined && entry.doneUntil > now) {
    return { state: 'done', input: entry.input };
  }
  ctx.set('entry', asked);
  return { state: 'first' };
}

async function complete(ctx: ObjectContext, { owner }: { owner: string }): Promise<null> {
  const now = await ctx.date.now();
  const entry = await ctx.get<LedgerEntry>('entry');
  if (entry?.owner === owner && entry.doneUntil === undefined) {
    ctx.set('entry', { ...entry, doneUntil: now + entry.ttlMs });
  }
  return null;
}

async function release(ctx: ObjectContext, { owner }: { owner: string }): Promise<null> {
  const entry = await ctx.get<LedgerEntry>('entry');
  if (entry?.owner === owner && entry.doneUntil === undefined) ctx.clear('entry');
  return null;
}
