// flows replay RUN: executes a journaled run again without doing anything, and says where it differs
// from what is recorded.
import { formatDiagnostic, type Diagnostic } from '@basalt/diagnostics';
import { canContinue, compilePlan, replayRun, type ReplayReport } from '@basalt/executor';
import { structuralHash, valueToJson, type FlowIR, type Value } from '@basalt/ir';
import type { RunStart } from '@basalt/journal';
import type { Argv } from 'yargs';
import { flowOfRun } from '../durable/flow-of-run.js';
import { journalOptions, withRuns, type JournalArgs } from '../durable/journal-options.js';
import { requireStart } from '../durable/require-start.js';
import { deterministicOf } from '../durable/run-start.js';
import { valueText } from '../durable/value-text.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface ReplayArgs extends JournalArgs {
  readonly run: string;
  readonly against?: string | undefined;
  readonly json?: boolean | undefined;
}

export const replayOptions = (y: Argv) =>
  journalOptions(y)
    .positional('run', { type: 'string', demandOption: true, describe: 'Id of the run' })
    .option('against', {
      type: 'string',
      describe: 'A flow, as it is now; the one that it began with when absent',
      requiresArg: true,
    })
    .option('json', { type: 'boolean', describe: 'Print {run_id, flow, status, divergence}' })
    .example('$0 replay RUN', 'Do its steps still give the same?')
    .example('$0 replay RUN --against ./orders.ts', 'Would it end the same with this flow?');

/** Exit 1 for a run that differs. */
export async function replayJournaled(args: ReplayArgs, io: CommandIo): Promise<ExitCode> {
  return withRuns(args, io, async (store) => {
    const start = await requireStart(store, args.run);
    const bundle = await flowOfRun(start, args.against, io);
    const records = await store.records(args.run);
    const { deterministic: _seed, ...rest } = start;
    const deterministic = deterministicOf(start);
    const given = { ...rest, ...(deterministic === undefined ? {} : { deterministic }) };
    const report = await replayRun(compilePlan(bundle), given, records);
    const change = changeOf(start, bundle.ir, records);
    if (args.json === true) {
      const document = documentOf(args.run, bundle.ir.name, report, change);
      io.out(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      say(report, change, io);
    }
    return report.finding === undefined ? EXIT.done : EXIT.failed;
  });
}

/** How the run stands to the flow, where that has changed. */
type Change = { readonly verdict: string; readonly finding?: Diagnostic } | undefined;

function changeOf(
  start: RunStart,
  after: FlowIR,
  records: Parameters<typeof canContinue>[2],
): Change {
  if (structuralHash(after) === start.flowHash) return undefined;
  const verdict = canContinue(start.flowDocument as unknown as FlowIR, after, records);
  return verdict.kind === 'continue'
    ? { verdict: verdict.kind }
    : { verdict: verdict.kind, finding: verdict.finding };
}

function documentOf(run: string, flow: string, report: ReplayReport, change: Change) {
  const { divergence, finding, called, answered, isComplete } = report;
  const json = (value: Value | undefined) => (value === undefined ? undefined : valueToJson(value));
  return {
    run_id: run,
    flow,
    status: finding === undefined ? 'same' : 'differs',
    called,
    answered,
    complete: isComplete,
    ...(divergence === undefined
      ? {}
      : {
          divergence: {
            node: divergence.node,
            key: divergence.key,
            where: divergence.where,
            expected: json(divergence.expected),
            got: json(divergence.got),
          },
        }),
    ...(change === undefined ? {} : { changed_flow: change }),
    diagnostics: finding === undefined ? [] : [finding],
  };
}

function say(report: ReplayReport, change: Change, io: CommandIo): void {
  const { divergence, finding, called, answered, isComplete } = report;
  if (finding !== undefined) io.err(`${formatDiagnostic(finding)}\n\n`);
  if (divergence !== undefined) {
    const expected = divergence.expected === undefined ? 'nothing' : valueText(divergence.expected);
    const got = divergence.got === undefined ? 'nothing' : valueText(divergence.got);
    io.out(`node      ${divergence.node || '(the whole flow)'}\n`);
    io.out(`where     ${divergence.where}\nexpected  ${expected}\ngot       ${got}\n`);
  } else if (finding === undefined) {
    const end = isComplete ? '' : '; the run has not come to its end';
    io.out(`The same: ${called} calls repeated, ${answered} answered from the journal${end}\n`);
  }
  if (change === undefined) return;
  const { verdict, finding: reason } = change;
  const words = reason === undefined ? '' : `: ${reason.message}`;
  io.err(`The flow has changed since; the run could ${VERDICTS[verdict]} with it${words}\n`);
}

const VERDICTS: Readonly<Record<string, string>> = {
  continue: 'go on',
  pinned: 'not go on',
  refused: 'neither go on nor exist beside runs',
};
