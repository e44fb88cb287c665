// What became of a journaled run, for people and as JSON.
import type { RunResult } from '@basalt/executor';
import { valueToJson } from '@basalt/ir';
import { EXIT, type ExitCode } from '../exit-code.js';
import { describeSummary } from '../run-summary-text.js';
import type { CommandIo } from '../terminal/command-io.js';
import { printFindings } from '../terminal/print-findings.js';

export interface ReportedRun {
  readonly flow: string;
  readonly runId: string;
  readonly result: RunResult;
  /** Where its journal is, as words to type. */
  readonly words: string;
}

export interface ReportOptions {
  readonly json?: boolean | undefined;
  readonly stream?: boolean | undefined;
}

/** Prints it. A run that waits is no failure. */
export function reportRun(run: ReportedRun, options: ReportOptions, io: CommandIo): ExitCode {
  const { result } = run;
  const { status, diagnostics, output, summary } = result;
  if (options.json === true) {
    io.out(`${JSON.stringify(documentOf(run), null, 2)}\n`);
  } else {
    printFindings(
      io,
      diagnostics.filter(({ severity }) => severity !== 'info'),
    );
    if (status === 'completed' && options.stream !== true) {
      io.out(`${JSON.stringify(output === undefined ? null : valueToJson(output), null, 2)}\n`);
    }
    io.err(describeSummary(summary, 1));
    for (const line of howToGoOn(run)) io.err(`${line}\n`);
  }
  if (status === 'completed' || status === 'waiting') return EXIT.done;
  return io.signal.aborted ? EXIT.cancelled : EXIT.failed;
}

function documentOf({ flow, runId, result }: ReportedRun) {
  const { status, diagnostics, output, summary, waiting } = result;
  const failed = status !== 'completed' && status !== 'waiting';
  return {
    flow,
    run_id: runId,
    status,
    result: output === undefined ? null : valueToJson(output),
    summary,
    ...(waiting === undefined
      ? {}
      : {
          waiting: waiting.map(({ checkpointId, correlationKey, since, due }) => ({
            checkpoint: checkpointId,
            key: valueToJson(correlationKey),
            since,
            ...(due === undefined ? {} : { due }),
          })),
        }),
    ...(failed ? { diagnostics } : {}),
  };
}

function howToGoOn({ runId, result, words }: ReportedRun): readonly string[] {
  const { status, waiting = [] } = result;
  const resume = `flows runs resume ${runId}${words}`;
  if (status === 'interrupted') return [`The run ${runId} goes on with: ${resume}`];
  if (status !== 'waiting') return [];
  return waiting.map(({ checkpointId, correlationKey, due }) => {
    const until = due === undefined ? '' : ` until ${new Date(due).toISOString()}`;
    const event = `${checkpointId}:${String(correlationKey)}`;
    return `The run ${runId} waits for ${event}${until}; answer it with: ${resume} --event '${event}=JSON'`;
  });
}
