// flows runs show RUN: what a run was started with, what it did, and how it ended.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import type { RunRecord } from '@basalt/executor';
import { valueToJson } from '@basalt/ir';
import type { RunInfo, RunStart } from '@basalt/journal';
import type { Argv } from 'yargs';
import { journalOptions, withRuns, type JournalArgs } from '../durable/journal-options.js';
import { recordJson } from '../durable/records-json.js';
import { textTable } from '../durable/text-table.js';
import { valueText } from '../durable/value-text.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { infoJson } from './runs-list.js';

export interface RunsShowArgs extends JournalArgs {
  readonly run: string;
  readonly full?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export const runsShowOptions = (y: Argv) =>
  journalOptions(y)
    .positional('run', { type: 'string', demandOption: true, describe: 'Id of the run' })
    .option('full', { type: 'boolean', describe: 'Do not cut values' })
    .option('json', { type: 'boolean', describe: 'Print {run, start, records}' })
    .example('$0 runs show RUN', 'Its steps, with times and values');

export async function runsShow(args: RunsShowArgs, io: CommandIo): Promise<ExitCode> {
  const { info, start, records } = await withRuns(args, io, async (store) => {
    const found = await store.info(args.run);
    if (found === undefined) throw new DiagnosticError([diagnostic.JRNL002({ run: args.run })]);
    const [begin, all] = [await store.start(args.run), await store.records(args.run)];
    return { info: found, start: begin!, records: all };
  });
  if (args.json === true) {
    const document = {
      run: infoJson(info),
      start: startJson(start),
      records: records.map(recordJson),
    };
    await io.out(`${JSON.stringify(document, null, 2)}\n`);
    return EXIT.done;
  }
  await io.out(headText(info, start, args.full === true));
  const rows = records.map((record) => rowOf(record, start, args.full === true));
  if (rows.length === 0) return EXIT.done;
  const bold = (text: string) => io.outStyle.bold(text);
  await io.out(`\n${textTable(['AT', 'WHAT', 'NODE', 'DETAIL'], rows, bold)}`);
  return EXIT.done;
}

function startJson(start: RunStart) {
  const { payload, extensions, flowDocument, ...rest } = start;
  void flowDocument;
  return {
    ...rest,
    payload: valueToJson(payload),
    ...(extensions === undefined
      ? {}
      : {
          extensions: Object.fromEntries(
            Object.entries(extensions).map(([name, value]) => [name, valueToJson(value)]),
          ),
        }),
  };
}

function headText(info: RunInfo, start: RunStart, full: boolean): string {
  const { name, version } = start.flow;
  const resumed = info.resumptions === 0 ? '' : `, resumed ${info.resumptions} times`;
  const owner = info.owner === undefined ? '' : `, owned by ${info.owner}`;
  const lines = [
    ['run', info.runId],
    ['flow', `${name} ${version} (${info.flowHash.slice(0, 12)})`],
    ['status', `${info.status}${resumed}${owner}`],
    ['started', new Date(info.startedAt).toISOString()],
    ...(info.endedAt === undefined ? [] : [['ended', new Date(info.endedAt).toISOString()]]),
    ['payload', valueText(start.payload, full)],
  ];
  return lines.map(([what = '', text = '']) => `${what.padEnd(8)} ${printable(text)}\n`).join('');
}

function rowOf(record: RunRecord, start: RunStart, full: boolean): readonly string[] {
  const after = `+${Math.round(record.at - originOf(start))} ms`;
  const node = 'alias' in record ? record.alias : '';
  return [after, record.kind, node, detailOf(record, full)];
}

/** Times of a deterministic run are those of its own clock. */
function originOf({ deterministic, startedAt }: RunStart): number {
  return deterministic === undefined ? startedAt : deterministic.startMs;
}

function detailOf(record: RunRecord, full: boolean): string {
  switch (record.kind) {
    case 'attempt': {
      const key = record.idempotencyKey;
      return `attempt ${record.attempt}${key === undefined ? '' : `, key ${key.slice(0, 16)}`}`;
    }
    case 'emitted':
      return `${record.index}: ${valueText(record.value, full)}`;
    case 'result':
      return valueText(record.output, full);
    case 'failure': {
      const { attempt, retryAt, at, finding } = record;
      const again = retryAt === undefined ? '' : `, again after ${Math.round(retryAt - at)} ms`;
      return `attempt ${attempt}: ${finding.code} ${finding.message}${again}`;
    }
    case 'dropped':
      return record.reason;
    case 'arrived':
      return record.scope;
    case 'waiting': {
      const due = record.due === undefined ? '' : ` until ${new Date(record.due).toISOString()}`;
      return `${record.checkpoint}:${valueText(record.correlation, full)}${due}`;
    }
    case 'resumed':
      return `${record.checkpoint}: ${record.timedOut ? 'its time was over' : valueText(record.event, full)}`;
    case 'compensating':
      return `${record.cause.code} ${record.cause.message}`;
    case 'compensated':
      return record.ok ? 'undone' : 'could not be undone';
    case 'ended': {
      const findings = record.findings.map(({ code, message }) => `${code} ${message}`).join('; ');
      const output = record.output === undefined ? '' : ` ${valueText(record.output, full)}`;
      return `${record.status}${output}${findings === '' ? '' : ` ${findings}`}`;
    }
    default:
      return record satisfies never;
  }
}
