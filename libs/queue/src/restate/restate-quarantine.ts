// Jobs that kill their workers. Restate starts an invocation again as often as its policy has it, and does
// not say why. So an invocation that begins again counts itself, with the length of its journal: where
// that has not grown since the last time, nothing was done in between, and whoever executed it has died.
import type { ObjectContext } from '@restatedev/restate-sdk';
import { diagnostic } from '@basalt/diagnostics';
import type { Job } from '../job.js';
import type { KeptLetter } from './kept-letter.js';
import { sqlText, type RestateClient } from './restate-client.js';
import { restateKey, type RestateNames } from './restate-names.js';

interface Starts {
  /** Entries of the journal. */
  readonly at: number;
  readonly number: number;
}

/** What the object of an invocation that has begun again does. */
export const startsHandlers = {
  /** Gives how often it has begun again at this place. */
  async begin(ctx: ObjectContext, at: number): Promise<number> {
    const starts = await ctx.get<Starts>('starts');
    const number = starts?.at === at ? starts.number + 1 : 1;
    ctx.set<Starts>('starts', { at, number });
    return number;
  },
  async forget(ctx: ObjectContext): Promise<null> {
    ctx.clearAll();
    return null;
  },
};

/** Counts the start of an invocation that has begun before. Where its workers have died as often as its job
 * may be tried, the job is a dead letter, and the invocation is killed: this never resolves then.
 * What it asks is not in the journal of the invocation, which is not the same in each execution. */
export async function countStart(
  client: RestateClient,
  names: RestateNames,
  invocation: string,
  job: Job,
  data: unknown,
): Promise<void> {
  const rows = await client.query(
    `SELECT journal_size FROM sys_invocation WHERE id = ${sqlText(invocation)}`,
  );
  const size = Number(rows[0]?.['journal_size'] ?? 0);
  const deaths = (await client.call(pathOf(names, invocation, 'begin'), size)) as number;
  if (deaths < job.maxAttempts) return;
  const { code, message } = diagnostic.QUE107({ attempt: deaths });
  const letter: KeptLetter = {
    ...{ id: job.id, data, cause: 'poison', code, message },
    ...{ attempts: deaths, diedAt: Date.now() },
  };
  await client.call(`${names.dead}/${encodeURIComponent(restateKey(job.id))}/put`, letter);
  await client.command('PATCH', `invocations/${invocation}/kill`);
  await forgetStarts(client, names, invocation);
  await new Promise<never>(() => undefined);
}

/** Forgets what was counted. */
export async function forgetStarts(
  client: RestateClient,
  names: RestateNames,
  invocation: string,
): Promise<void> {
  await client.call(pathOf(names, invocation, 'forget'), null);
}

function pathOf(names: RestateNames, invocation: string, handler: string): string {
  return `${names.starts}/${encodeURIComponent(invocation)}/${handler}`;
}
