// Runs one flow in this process, once or as a burst, and prints what came out.
import {
  combineObservers,
  compilePlan,
  startRun,
  type ExecPlan,
  type FlowBundle,
  type HostOptions,
  type Run,
  type RunObserver,
  type RunResult,
} from '@basalt/executor';
import { valueToJson, type Value } from '@basalt/ir';
import { EventFeed, parseAwaitedEvents } from './awaited-event.js';
import { runDurably } from './durable/run-durably.js';
import type { RunLocalArgs } from './commands/run-local.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { openLocalBindings } from './local-bindings.js';
import { describeSummary, mergeSummaries } from './run-summary-text.js';
import type { CommandIo } from './terminal/command-io.js';
import { printFindings } from './terminal/print-findings.js';
import { RunProgress } from './terminal/run-progress.js';
import { openTrace, type OpenTrace } from './trace-file.js';

/** What is executed: a flow, what it was called by, and what it is given. */
export interface LocalExecution {
  readonly bundle: FlowBundle;
  readonly argument: string;
  readonly payload: Value;
}

export async function executeLocally(
  execution: LocalExecution,
  args: RunLocalArgs,
  io: CommandIo,
): Promise<ExitCode> {
  const { bundle, payload } = execution;
  const events = parseAwaitedEvents(args.event ?? []);
  const plan = compilePlan(bundle);
  const bindings = await openLocalBindings(bundle.ir, args, io);
  const trace = args.trace === undefined ? undefined : openTrace(args.trace, io);
  const progress = io.interactive ? new RunProgress(io) : undefined;
  try {
    const host = hostOptions(bindings.capabilities, args, [progress, trace?.observer]);
    const { journal } = args;
    if (journal !== undefined) {
      const done = () => progress?.close();
      const status = await runDurably({ ...execution, journal, host, done }, args, io);
      await closeTrace(trace);
      return status;
    }
    const runs = Array.from({ length: args.burst }, () => {
      const feed = new EventFeed(events);
      return { feed, run: start(plan, payload, args, withObserver(host, feed), io) };
    });
    for (const { feed, run } of runs) feed.serve(run);
    const printing = args.stream === true ? runs.map(({ run }) => printStream(run, io)) : [];
    const results = await Promise.all(runs.map(({ feed, run }) => feed.resultOf(run)));
    await Promise.allSettled(printing);
    progress?.close();
    await closeTrace(trace);
    return report(bundle, results, args, io);
  } finally {
    progress?.close();
    await trace?.discard();
    await bindings.close();
  }
}

function hostOptions(
  capabilities: HostOptions['capabilities'],
  args: RunLocalArgs,
  observers: readonly (RunObserver | undefined)[],
): HostOptions {
  const present = observers.filter((observer) => observer !== undefined);
  return {
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(present.length === 0 ? {} : { observer: combineObservers(present) }),
    ...(args.deterministic === true ? { deterministic: { seed: args.seed ?? 0 } } : {}),
  };
}

function start(
  plan: ExecPlan,
  payload: Value,
  args: RunLocalArgs,
  host: HostOptions,
  io: CommandIo,
): Run {
  const invoke = {
    payload,
    signal: io.signal,
    mode: args.stream === true ? 'stream' : 'value',
    ...(args.deadlineMs === undefined ? {} : { deadlineMs: args.deadlineMs }),
    ...(args.triggerAlias === undefined ? {} : { trigger: args.triggerAlias }),
    ...(args.captureAlias === undefined ? {} : { capture: args.captureAlias }),
  } as const;
  return startRun(plan, invoke, host);
}

function withObserver(host: HostOptions, observer: RunObserver): HostOptions {
  const all = host.observer === undefined ? [observer] : [host.observer, observer];
  return { ...host, observer: combineObservers(all) };
}

async function printStream(run: Run, io: CommandIo): Promise<void> {
  for await (const value of run.outputs()) {
    await io.out(`${JSON.stringify(valueToJson(value))}\n`);
  }
}

async function closeTrace(trace: OpenTrace | undefined): Promise<void> {
  await trace?.close();
}

function report(
  bundle: FlowBundle,
  results: readonly RunResult[],
  args: RunLocalArgs,
  io: CommandIo,
): ExitCode {
  const summary = mergeSummaries(results.map((result) => result.summary));
  const bad = results.find(({ status }) => status !== 'completed');
  const shown = bad ?? results[0]!;
  const output = shown.output === undefined ? null : valueToJson(shown.output);
  if (args.json === true) {
    const { status, diagnostics } = shown;
    const failure = bad === undefined ? {} : { status, diagnostics };
    const document = { flow: bundle.ir.name, result: output, summary, ...failure };
    io.out(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    const seen = new Set<string>();
    const findings = results
      .flatMap(({ diagnostics }) => diagnostics)
      .filter(({ message }) => {
        const fresh = !seen.has(message);
        seen.add(message);
        return fresh;
      });
    printFindings(io, findings);
    if (args.stream !== true && bad === undefined) io.out(`${JSON.stringify(output, null, 2)}\n`);
    io.err(describeSummary(summary, results.length));
  }
  if (bad === undefined) return EXIT.done;
  return io.signal.aborted ? EXIT.cancelled : EXIT.failed;
}
