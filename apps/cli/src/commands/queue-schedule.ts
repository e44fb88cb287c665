// flows queue schedule list|add|remove: jobs that are made at certain times.
import { printable } from '@basalt/diagnostics';
import { valueToJson } from '@basalt/ir';
import type { Schedule } from '@basalt/queue';
import { storeOptions, type StoreArgs } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { jobOptions, readJob, type JobArgs } from '../durable/job-options.js';
import { textTable } from '../durable/text-table.js';
import { valueText } from '../durable/value-text.js';
import { withQueue } from '../durable/with-queue.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';

export interface ScheduleListArgs extends StoreArgs {
  readonly json?: boolean | undefined;
}

export interface ScheduleAddArgs extends StoreArgs, JobArgs {
  readonly id: string;
  readonly cron?: string | undefined;
  readonly everyMs?: number | undefined;
  readonly timeZone?: string | undefined;
  readonly json?: boolean | undefined;
}

export interface ScheduleRemoveArgs extends StoreArgs {
  readonly id: string;
  readonly json?: boolean | undefined;
}

const JSON_OPTION = { type: 'boolean', describe: 'Print one JSON document' } as const;

export const scheduleListOptions = (y: Argv) =>
  storeOptions(y).option('json', JSON_OPTION).example('$0 queue schedule list', 'All schedules');

export const scheduleAddOptions = (y: Argv) =>
  jobOptions(storeOptions(y))
    .positional('id', { type: 'string', demandOption: true, describe: 'Name of the schedule' })
    .positional('flow', { type: 'string', demandOption: true, describe: 'What is to be executed' })
    .option('cron', {
      type: 'string',
      describe: 'Five or six fields of cron, such as "0 3 * * *"',
      requiresArg: true,
    })
    .option('every-ms', {
      type: 'number',
      describe: 'Milliseconds, at least 1000',
      requiresArg: true,
    })
    .option('time-zone', {
      type: 'string',
      describe: 'Such as Europe/Berlin; UTC',
      requiresArg: true,
    })
    .option('json', JSON_OPTION)
    .conflicts('cron', 'every-ms')
    .example("$0 queue schedule add nightly s2_site --cron '0 3 * * *'", 'Every night at three');

export const scheduleRemoveOptions = (y: Argv) =>
  storeOptions(y)
    .positional('id', { type: 'string', demandOption: true, describe: 'Name of the schedule' })
    .option('json', JSON_OPTION)
    .example('$0 queue schedule remove nightly', 'No more jobs of it');

export async function scheduleList(args: ScheduleListArgs, io: CommandIo): Promise<ExitCode> {
  const schedules = await withQueue(args, io, (queue) => queue.schedules());
  if (args.json === true) {
    await io.out(`${JSON.stringify({ schedules: schedules.map(scheduleJson) }, null, 2)}\n`);
    return EXIT.done;
  }
  if (schedules.length === 0) {
    io.err('There is no schedule.\n');
    return EXIT.done;
  }
  const rows = schedules.map(({ id, cron, everyMs, timeZone, job }) => [
    id,
    cron === undefined ? `every ${everyMs} ms` : `${cron} ${timeZone ?? 'UTC'}`,
    job.flowName,
    valueText(job.payload),
  ]);
  const bold = (text: string) => io.outStyle.bold(text);
  await io.out(textTable(['SCHEDULE', 'WHEN', 'FLOW', 'PAYLOAD'], rows, bold));
  return EXIT.done;
}

/** One that has this name already is replaced. */
export async function scheduleAdd(args: ScheduleAddArgs, io: CommandIo): Promise<ExitCode> {
  const { id, cron, everyMs, timeZone } = args;
  if (cron === undefined && everyMs === undefined) {
    throw new UsageError('Say when: --cron or --every-ms.');
  }
  const schedule: Schedule = {
    id,
    ...(cron === undefined ? {} : { cron }),
    ...(everyMs === undefined ? {} : { everyMs }),
    ...(timeZone === undefined ? {} : { timeZone }),
    job: await readJob(args, io),
  };
  await withQueue(args, io, (queue) => queue.schedule(schedule), {});
  if (args.json === true) io.out(`${JSON.stringify(scheduleJson(schedule), null, 2)}\n`);
  else io.out(`${printable(id)}\n`);
  return EXIT.done;
}

/** Exit 1 where there is none of that name. */
export async function scheduleRemove(args: ScheduleRemoveArgs, io: CommandIo): Promise<ExitCode> {
  const removed = await withQueue(args, io, (queue) => queue.unschedule(args.id));
  if (args.json === true) io.out(`${JSON.stringify({ id: args.id, removed }, null, 2)}\n`);
  else io.out(removed ? 'removed\n' : 'There is no such schedule.\n');
  return removed ? EXIT.done : EXIT.failed;
}

function scheduleJson({ job, ...schedule }: Schedule) {
  return { ...schedule, job: { ...job, payload: valueToJson(job.payload) } };
}
