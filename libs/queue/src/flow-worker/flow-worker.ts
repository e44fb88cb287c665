// Executes the jobs of a queue: each is a run in the journal, begun or taken up where it stopped, and
// what became of the run is what becomes of the job. A crash at any instant leaves both as they are on
// disk; the next delivery goes on from there. Delivery is as the flow declares it: with its journal the
// executor drops what may be done once at most, and completes what counts once with its result.
import { DiagnosticError, diagnostic, isError } from '@basalt/diagnostics';
import { startRun, type HostOptions, type Run, type RunResult } from '@basalt/executor';
import type { JournalStore, OwnedJournal } from '@basalt/journal';
import type { Delivery, DeliveryOutcome } from '../job.js';
import type { QueueBackend, QueueWorker, WorkerOptions } from '../queue-backend.js';
import { failureOutcome, isLasting, storeGoneOutcome } from './failure-outcome.js';
import { isDropped, jobRun, labelsOf } from './job-run.js';
import { checkVersion } from './pinned-flow.js';
import { compileQueuedFlows, type QueuedFlow, type WorkerFlow } from './queued-flow.js';

/** A delivery that has ended, as its worker sees it; the queue may not have written it yet. */
export interface EndedDelivery {
  readonly delivery: Delivery;
  readonly outcome: DeliveryOutcome;
  /** Undefined where no run was executed: no flow for it, or it had ended before. */
  readonly result: RunResult | undefined;
}

export interface FlowWorkerOptions {
  readonly backend: QueueBackend;
  readonly journal: JournalStore;
  readonly flows: readonly QueuedFlow[];
  /** For every run; capabilities are those of its flow. */
  readonly host?: Omit<HostOptions, 'capabilities' | 'onSuspended'> | undefined;
  readonly worker?: WorkerOptions | undefined;
  readonly onEnded?: ((ended: EndedDelivery) => void) | undefined;
}

/** Starts a worker. @throws DiagnosticError with the findings on its flows, QUE105 for its options. */
export function createFlowWorker(options: FlowWorkerOptions): QueueWorker {
  const flows = compileQueuedFlows(options.flows);
  const worker = new FlowWorker(options, flows);
  return options.backend.work((delivery) => worker.handle(delivery), options.worker);
}

const NO_RESULT = 'RUN110';

type Executed = Omit<EndedDelivery, 'delivery'>;

class FlowWorker {
  readonly #options: FlowWorkerOptions;
  readonly #flows: ReadonlyMap<string, WorkerFlow>;

  constructor(options: FlowWorkerOptions, flows: ReadonlyMap<string, WorkerFlow>) {
    this.#options = options;
    this.#flows = flows;
  }

  async handle(delivery: Delivery): Promise<DeliveryOutcome> {
    const { outcome, result } = await this.#execute(delivery);
    this.#options.onEnded?.({ delivery, outcome, result });
    return outcome;
  }

  async #execute(delivery: Delivery): Promise<Executed> {
    const { job } = delivery;
    const flow = this.#flows.get(job.flow);
    if (flow === undefined) {
      const missing = diagnostic.QUE110({ job: job.id, flow: job.flowName, id: job.flow });
      return { outcome: failureOutcome(missing), result: undefined };
    }
    try {
      const { journal, backend, host } = this.#options;
      const now = () => host?.clock?.now() ?? Date.now();
      const run = await jobRun(journal, job, flow, { queue: backend.queue, now, isLasting });
      if (run.kind === 'execute') return await this.#run(delivery, flow, run.journal);
      const { failed } = run;
      return { outcome: failed ? failureOutcome(failed) : { kind: 'done' }, result: undefined };
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      return { outcome: failureOutcome(error.diagnostic), result: undefined };
    }
  }

  /** Executes a run whose journal is open, and closes the journal before anything is said about it. */
  async #run(delivery: Delivery, flow: WorkerFlow, journal: OwnedJournal): Promise<Executed> {
    try {
      checkVersion(journal, flow);
      const run = this.#start(delivery, flow, journal);
      const unwatch = watch(run, delivery, journal);
      const result = await run.result;
      unwatch();
      const gone = storeGone(journal, result);
      if (gone !== undefined) return { outcome: gone, result };
      const dropped = await this.#droppedAsDeclared(journal.runId, result);
      return { outcome: dropped ? { kind: 'done' } : outcomeOf(delivery, result), result };
    } finally {
      await journal.close();
    }
  }

  /** A run that only lacks a result because a message was dropped, as declared, is done. */
  async #droppedAsDeclared(runId: string, { status, diagnostics }: RunResult): Promise<boolean> {
    if (status !== 'failed' || !diagnostics.some(({ code }) => code === NO_RESULT)) return false;
    return (await this.#options.journal.records(runId)).some(isDropped);
  }

  #start({ job }: Delivery, { plan, capabilities }: WorkerFlow, journal: OwnedJournal): Run {
    const { trigger, capture, payload, deadlineMs, extensions = {} } = job;
    const labels = labelsOf(job, this.#options.backend.queue);
    return startRun(
      plan,
      {
        payload,
        journal,
        runId: journal.runId,
        metadata: { labels, extensions },
        ...(trigger === undefined ? {} : { trigger }),
        ...(capture === undefined ? {} : { capture }),
        ...(deadlineMs === undefined ? {} : { deadlineMs }),
      },
      { ...this.#options.host, capabilities, onSuspended: 'park' },
    );
  }
}

/** Stops the run when the delivery or the journal is taken away, or its cancellation is asked for. */
function watch(run: Run, { signal }: Delivery, { lost }: OwnedJournal): () => void {
  const onAbort = () => void run.interrupt(wordsOf(signal.reason));
  const onLost = () => {
    const cancelled =
      lost.reason instanceof DiagnosticError && lost.reason.diagnostic.code === 'JRNL009';
    void (cancelled ? run.cancel(wordsOf(lost.reason)) : run.interrupt(wordsOf(lost.reason)));
  };
  for (const [source, stop] of [
    [signal, onAbort],
    [lost, onLost],
  ] as const) {
    if (source.aborted) stop();
    else source.addEventListener('abort', stop, { once: true });
  }
  return () => {
    signal.removeEventListener('abort', onAbort);
    lost.removeEventListener('abort', onLost);
  };
}

/** What becomes of the job where the store was lost in which its run was open. */
function storeGone({ lost }: OwnedJournal, result: RunResult): DeliveryOutcome | undefined {
  if (result.status === 'completed') return undefined;
  const told = lost.reason instanceof DiagnosticError ? [lost.reason.diagnostic] : [];
  for (const fault of [...told, ...result.diagnostics.filter(isError)]) {
    const outcome = storeGoneOutcome(fault);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

function wordsOf(reason: unknown): string {
  if (reason instanceof DiagnosticError) return reason.diagnostic.message;
  return reason instanceof Error ? reason.message : String(reason);
}

/** What becomes of the job. */
function outcomeOf({ job }: Delivery, result: RunResult): DeliveryOutcome {
  switch (result.status) {
    case 'completed':
    case 'cancelled':
      return { kind: 'done' };
    case 'waiting': {
      const times = (result.waiting ?? []).flatMap(({ due }) => due ?? []);
      return { kind: 'parked', ...(times.length === 0 ? {} : { until: Math.min(...times) }) };
    }
    case 'failed':
    case 'interrupted': {
      const cause = result.diagnostics.find(isError);
      if (cause !== undefined) return failureOutcome(cause);
      return failureOutcome(diagnostic.QUE111({ job: job.id, reason: 'its run has failed' }));
    }
    default:
      return result.status satisfies never;
  }
}
