// flows runs list: journaled runs, newest first, page by page.
import type { JournaledStatus, RunInfo } from '@basalt/journal';
import type { Argv } from 'yargs';
import { journalOptions, withRuns, type JournalArgs } from '../durable/journal-options.js';
import { textTable } from '../durable/text-table.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface RunsListArgs extends JournalArgs {
  readonly flow?: string | undefined;
  readonly status?: JournaledStatus | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
  readonly json?: boolean | undefined;
}

const STATUSES: readonly JournaledStatus[] = [
  'running',
  'interrupted',
  'waiting',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
];

export const runsListOptions = (y: Argv) =>
  journalOptions(y)
    .option('flow', {
      type: 'string',
      describe: 'Only runs of the flow of this name',
      requiresArg: true,
    })
    .option('status', { choices: STATUSES, describe: 'Only runs in this state' })
    .option('limit', {
      type: 'number',
      default: 50,
      describe: 'Runs of a page, from 1 to 1000',
      requiresArg: true,
    })
    .option('after', { type: 'string', describe: 'The page after that one', requiresArg: true })
    .option('json', { type: 'boolean', describe: 'Print {runs, next}' })
    .example('$0 runs list --status interrupted', 'What a crash has left');

export async function runsList(args: RunsListArgs, io: CommandIo): Promise<ExitCode> {
  const { flow, status, limit, after } = args;
  const query = { flow, status, limit, after };
  const { runs, next } = await withRuns(args, io, (store) => store.list(query));
  if (args.json === true) {
    io.out(`${JSON.stringify({ runs: runs.map(infoJson), next: next ?? null }, null, 2)}\n`);
    return EXIT.done;
  }
  const head = ['RUN', 'FLOW', 'STATUS', 'STARTED', 'TOOK', 'RECORDS'];
  const rows = runs.map((run) => [
    run.runId,
    run.flowName,
    run.resumptions === 0 ? run.status : `${run.status} (resumed ${run.resumptions}x)`,
    new Date(run.startedAt).toISOString(),
    run.endedAt === undefined ? '-' : `${run.endedAt - run.startedAt} ms`,
    String(run.records),
  ]);
  if (runs.length === 0) io.err('There is no such run.\n');
  else await io.out(textTable(head, rows, (text) => io.outStyle.bold(text)));
  if (next !== undefined) io.err(`There are more: --after ${next}\n`);
  return EXIT.done;
}

/** A line of the list, as JSON. */
export function infoJson(info: RunInfo) {
  const { runId, flowName, flowId, flowHash, status, startedAt, endedAt, owner, ...counts } = info;
  return {
    run_id: runId,
    flow: flowName,
    flow_id: flowId,
    flow_hash: flowHash,
    status,
    started_at: startedAt,
    ended_at: endedAt ?? null,
    ...counts,
    owner: owner ?? null,
  };
}
