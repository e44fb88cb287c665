// Writes what happens in executions in the Chrome trace event format (the JSON array form of "Trace
// Event Format", Google, 2016), which chrome://tracing, Perfetto and speedscope open. Each execution
// is a process and each node a thread, or several where its invocations overlap. Times are those of
// the execution's clock, so a deterministic execution gives the same bytes every time.
import type { Value } from '@basalt/ir';
import type { EdgePlan, NodePlan } from '../plan/exec-plan.js';
import type {
  DropReason,
  NodeOutcome,
  ObservedInvocation,
  ObservedRun,
  RunObserver,
} from './run-observer.js';
import type { RunStatus } from '../run/run-result.js';
import { TraceLanes, type TraceLane } from './trace-lanes.js';
import { TraceStream, type TraceSink, type TraceStreamOptions } from './trace-stream.js';

export interface ChromeTraceOptions extends TraceStreamOptions {
  /** Also writes a counter for each edge; true when absent. */
  readonly queues?: boolean;
}

interface Open {
  readonly lane: TraceLane;
  readonly startMs: number;
  emitted: number;
}

/** An execution under way. */
interface Traced {
  readonly pid: number;
  readonly startMs: number;
  readonly lanes: TraceLanes;
  readonly open: Map<number, Open>;
}

type Args = Readonly<Record<string, string | number | boolean>>;

/** The thread of events that belong to no node. */
const RUN_THREAD = 0;

export class ChromeTrace implements RunObserver {
  readonly #stream: TraceStream;
  readonly #runs = new Map<string, Traced>();
  #pids = 0;
  #zeroMs: number | undefined;
  readonly edgeDepth: RunObserver['edgeDepth'];

  constructor(sink: TraceSink, options: ChromeTraceOptions = {}) {
    this.#stream = new TraceStream(sink, options);
    this.edgeDepth = options.queues === false ? undefined : this.#edgeDepth.bind(this);
  }

  /** Ends the file. @throws DiagnosticError RUN340 when it could not be written. */
  async close(): Promise<void> {
    const { dropped } = this.#stream;
    if (dropped === 0) return this.#stream.close();
    const args = { dropped };
    return this.#stream.close({ name: 'trace_incomplete', ph: 'M', pid: 0, tid: RUN_THREAD, args });
  }

  runStarted(run: ObservedRun): void {
    this.#traced(run);
  }

  runEnded(run: ObservedRun, status: RunStatus): void {
    const traced = this.#traced(run);
    this.#complete(run, traced, run.flow, 'run', RUN_THREAD, traced.startMs, { status });
    this.#runs.delete(run.id);
  }

  nodeStarted(run: ObservedRun, invocation: ObservedInvocation): void {
    const traced = this.#traced(run);
    const lane = traced.lanes.take(invocation.alias);
    if (lane.isNew) this.#name(traced.pid, lane.id, 'thread_name', lane.name);
    traced.open.set(invocation.seq, { lane, startMs: run.now(), emitted: 0 });
  }

  nodeEnded(run: ObservedRun, invocation: ObservedInvocation, outcome: NodeOutcome): void {
    const traced = this.#traced(run);
    const open = traced.open.get(invocation.seq);
    if (open === undefined) return;
    traced.open.delete(invocation.seq);
    traced.lanes.give(open.lane);
    const { seq, alias, attempt } = invocation;
    const args: Args = { seq, attempt, outcome, emitted: open.emitted };
    this.#complete(run, traced, alias, 'node', open.lane.id, open.startMs, args);
  }

  emitted(run: ObservedRun, invocation: ObservedInvocation): void {
    const open = this.#traced(run).open.get(invocation.seq);
    if (open !== undefined) open.emitted += 1;
  }

  captured(run: ObservedRun, alias: string): void {
    this.#instant(run, 'captured', { alias });
  }

  dropped(run: ObservedRun, alias: string, reason: DropReason): void {
    this.#instant(run, 'dropped', { alias, reason });
  }

  spilled(run: ObservedRun, edge: EdgePlan): void {
    this.#instant(run, 'spilled', { edge: edge.label });
  }

  retried(run: ObservedRun, invocation: ObservedInvocation, delayMs: number): void {
    const { alias, attempt } = invocation;
    this.#instant(run, 'retried', { alias, attempt, delay_ms: delayMs });
  }

  waiting(run: ObservedRun, checkpointId: string, key: string): void {
    this.#instant(run, 'waiting', { checkpoint: checkpointId, key });
  }

  resumed(run: ObservedRun, checkpointId: string, key: string): void {
    this.#instant(run, 'resumed', { checkpoint: checkpointId, key });
  }

  checkpoint(run: ObservedRun, checkpointId: string, alias: string): void {
    this.#instant(run, 'checkpoint', { checkpoint: checkpointId, alias });
  }

  compensated(run: ObservedRun, node: NodePlan, ok: boolean): void {
    this.#instant(run, 'compensated', { alias: node.alias, ok });
  }

  cacheHit(run: ObservedRun, alias: string, _output: Value): void {
    this.#instant(run, 'cache_hit', { alias });
  }

  #edgeDepth(run: ObservedRun, edge: EdgePlan, depth: number): void {
    const { pid } = this.#traced(run);
    const ts = this.#micros(run.now());
    const name = `queue ${edge.label}`;
    this.#stream.add({ name, ph: 'C', ts, pid, tid: RUN_THREAD, args: { depth } });
  }

  /** The record of a run; one whose start was not seen (the observer came later) starts now. */
  #traced(run: ObservedRun): Traced {
    let traced = this.#runs.get(run.id);
    if (traced !== undefined) return traced;
    this.#pids += 1;
    const startMs = run.now();
    this.#zeroMs ??= startMs;
    traced = { pid: this.#pids, startMs, lanes: new TraceLanes(), open: new Map() };
    this.#runs.set(run.id, traced);
    this.#name(traced.pid, RUN_THREAD, 'process_name', `${run.flow} ${run.id}`);
    this.#name(traced.pid, RUN_THREAD, 'thread_name', 'run');
    return traced;
  }

  #name(pid: number, tid: number, what: string, name: string): void {
    this.#stream.add({ name: what, ph: 'M', pid, tid, args: { name } });
  }

  #complete(
    run: ObservedRun,
    { pid }: Traced,
    name: string,
    cat: string,
    tid: number,
    startMs: number,
    args: Args,
  ): void {
    const ts = this.#micros(startMs);
    const dur = round(this.#micros(run.now()) - ts);
    this.#stream.add({ name, cat, ph: 'X', ts, dur, pid, tid, args });
  }

  #instant(run: ObservedRun, name: string, args: Args): void {
    const { pid } = this.#traced(run);
    const ts = this.#micros(run.now());
    this.#stream.add({ name, cat: 'event', ph: 'i', s: 'p', ts, pid, tid: RUN_THREAD, args });
  }

  /** Microseconds since the first event. */
  #micros(ms: number): number {
    return round((ms - this.#zeroMs!) * 1000);
  }
}

/** To whole nanoseconds: more digits are noise of the subtraction. */
function round(micros: number): number {
  return Math.round(micros * 1000) / 1000;
}
