// flows queue dead list|show|replay|purge: jobs that are not delivered any more until somebody decides.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import { valueToJson } from '@basalt/ir';
import type { DeadLetter } from '@basalt/queue';
import { storeOptions, type StoreArgs } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { textTable } from '../durable/text-table.js';
import { valueText } from '../durable/value-text.js';
import { withQueue } from '../durable/with-queue.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';

export interface DeadListArgs extends StoreArgs {
  readonly offset: number;
  readonly limit: number;
  readonly json?: boolean | undefined;
}

export interface DeadShowArgs extends StoreArgs {
  readonly id: string;
  readonly json?: boolean | undefined;
}

export interface DeadSomeArgs extends StoreArgs {
  readonly id?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const JSON_OPTION = { type: 'boolean', describe: 'Print one JSON document' } as const;

export const deadListOptions = (y: Argv) =>
  storeOptions(y)
    .option('offset', { type: 'number', default: 0, describe: 'Leave out so many' })
    .option('limit', { type: 'number', default: 50, describe: 'Show so many' })
    .option('json', JSON_OPTION)
    .example('$0 queue dead list', 'What failed for good, and why');

export const deadShowOptions = (y: Argv) =>
  storeOptions(y)
    .positional('id', { type: 'string', demandOption: true, describe: 'Id of the job' })
    .option('json', JSON_OPTION)
    .example('$0 queue dead show ID', 'All of one');

const someOptions = (y: Argv) =>
  storeOptions(y)
    .positional('id', { type: 'string', array: true, describe: 'Ids of jobs' })
    .option('all', { type: 'boolean', describe: 'All of them' })
    .option('json', JSON_OPTION);

export const deadReplayOptions = (y: Argv) =>
  someOptions(y).example('$0 queue dead replay --all', 'Try all of them again');

export const deadPurgeOptions = (y: Argv) =>
  someOptions(y).example('$0 queue dead purge ID', 'Remove one for ever');

export async function deadList(args: DeadListArgs, io: CommandIo): Promise<ExitCode> {
  const { offset, limit } = args;
  for (const [name, value] of Object.entries({ offset, limit })) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new UsageError(`--${name} takes a whole number of at least 0.`);
    }
  }
  const { letters, total } = await withQueue(args, io, (q) => q.dead.list({ offset, limit }));
  if (args.json === true) {
    await io.out(`${JSON.stringify({ letters: letters.map(letterJson), total }, null, 2)}\n`);
    return EXIT.done;
  }
  const rows = letters.map(({ id, job, cause, attempts, reason, diedAt }) => [
    id,
    job?.flowName ?? '-',
    cause,
    String(attempts),
    new Date(diedAt).toISOString(),
    `${reason.code} ${reason.message}`,
  ]);
  const head = ['JOB', 'FLOW', 'CAUSE', 'ATTEMPTS', 'DIED', 'REASON'];
  if (rows.length > 0) await io.out(textTable(head, rows, (text) => io.outStyle.bold(text)));
  io.err(total === 0 ? 'There is no dead letter.\n' : `${rows.length} of ${total}\n`);
  return EXIT.done;
}

export async function deadShow(args: DeadShowArgs, io: CommandIo): Promise<ExitCode> {
  const letter = await withQueue(args, io, (queue) => queue.dead.show(args.id));
  if (letter === undefined) throw unknown(args, args.id);
  if (args.json === true) {
    io.out(`${JSON.stringify(letterJson(letter), null, 2)}\n`);
    return EXIT.done;
  }
  const { id, job, cause, attempts, reason, diedAt, raw } = letter;
  const lines = [
    ['job', id],
    ['flow', job?.flowName ?? 'its record cannot be read'],
    ['cause', `${cause} after ${attempts} attempts`],
    ['died', new Date(diedAt).toISOString()],
    ['reason', `${reason.code} ${reason.message}`],
    ...(job === undefined ? [] : [['payload', valueText(job.payload, true)]]),
    ...(raw === undefined ? [] : [['raw', Buffer.from(raw).toString('base64')]]),
  ];
  await io.out(
    lines.map(([what = '', text = '']) => `${what.padEnd(8)} ${printable(text)}\n`).join(''),
  );
  return EXIT.done;
}

/** Exit 1 where one that is named is not there. */
export async function deadReplay(args: DeadSomeArgs, io: CommandIo): Promise<ExitCode> {
  const ids = chosen(args);
  const replayed = await withQueue(args, io, (queue) => queue.dead.replay(ids));
  if (args.json === true) io.out(`${JSON.stringify({ replayed }, null, 2)}\n`);
  else io.out(`${replayed.length} put back\n`);
  return ids === undefined || replayed.length === ids.length ? EXIT.done : EXIT.failed;
}

/** Exit 1 where one that is named is not there. */
export async function deadPurge(args: DeadSomeArgs, io: CommandIo): Promise<ExitCode> {
  const ids = chosen(args);
  const purged = await withQueue(args, io, (queue) => queue.dead.purge(ids));
  if (args.json === true) io.out(`${JSON.stringify({ purged }, null, 2)}\n`);
  else io.out(`${purged} removed\n`);
  return ids === undefined || purged === ids.length ? EXIT.done : EXIT.failed;
}

function chosen({ id = [], all }: DeadSomeArgs): readonly string[] | undefined {
  if (id.length > 0 === (all === true)) {
    throw new UsageError('Name the jobs, or say --all.');
  }
  return all === true ? undefined : [...new Set(id)];
}

function unknown({ queue }: StoreArgs, id: string): DiagnosticError {
  return new DiagnosticError([diagnostic.CLI012({ job: id, queue })]);
}

function letterJson({ job, raw, ...letter }: DeadLetter) {
  return {
    ...letter,
    job: job === undefined ? null : { ...job, payload: valueToJson(job.payload) },
    ...(raw === undefined ? {} : { raw_base64: Buffer.from(raw).toString('base64') }),
  };
}
