// The one place through which every execution of a host is started: it counts them, holds back or
// refuses what is too much, lets parts of the host watch, and drains them when the host closes.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import {
  combineObservers,
  startRun,
  type HostOptions,
  type Invoke,
  type Run,
  type RunObserver,
} from '@basalt/executor';
import type { JournalStore, OwnedJournal } from '@basalt/journal';
import { obeyJournal, startOf } from './durable/journaled-run.js';
import { flowResultCache, type CacheFaultListener } from './flow-result-cache.js';
import type { HttpHostOptions } from './host-options.js';
import type { CompiledFlow } from './hosted-flow.js';
import { newRunId } from './run-ids.js';
import { watchElsewhere } from './watch-elsewhere.js';

/** Where an execution comes from. */
export interface RunOrigin {
  /** Who asked for it, as far as that is proven; '' where it is not. */
  readonly client: string;
  /** Such as "http" or "viewer". */
  readonly source: string;
}

/** An execution that is about to start. */
export interface HubRun extends RunOrigin {
  readonly id: string;
  readonly flow: CompiledFlow;
  /** Alias of the trigger; undefined where the flow has only one and it was not named. */
  readonly trigger: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** Labels that came with the invocation. */
  readonly labels: Readonly<Record<string, string>>;
  /** True where its id comes from a journal, and may have been that of another execution. */
  readonly hasGivenId?: boolean;
  /** True where its outputs are read as a stream. */
  readonly isStream?: boolean;
}

/** A class, for one is made for every request: an object literal with a getter costs microseconds. */
class StartedRun implements HubRun {
  readonly startedAt = Date.now();

  constructor(
    readonly id: string,
    readonly flow: CompiledFlow,
    readonly invoke: Invoke,
    readonly origin: RunOrigin,
    readonly hasGivenId: boolean,
  ) {}

  get trigger(): string | undefined {
    return this.invoke.trigger;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.invoke.metadata?.labels ?? NO_LABELS;
  }

  get isStream(): boolean {
    return this.invoke.mode === 'stream';
  }

  get client(): string {
    return this.origin.client;
  }

  get source(): string {
    return this.origin.source;
  }
}

/** Called for every execution before it starts; what it returns watches that execution. */
export type RunListener = (entry: HubRun) => RunObserver | undefined;

/** An execution under way. */
export interface ActiveRun {
  readonly entry: HubRun;
  readonly run: Run;
}

/** The options of an execution of a flow, and what they were made of. */
interface WatchedHost {
  readonly observers: readonly RunObserver[];
  readonly options: HostOptions;
}

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (error: DiagnosticError) => void;
  readonly timer: NodeJS.Timeout;
}

/** The reason of a cancellation because the host closes. */
export const SHUTDOWN_REASON = 'the host is shutting down';

/** The reason of a cancellation because nobody waits for the answer. */
export const CALLER_GONE = 'its caller went away';

/** Sets of observers that are remembered of each flow. */
const MAX_HOSTS = 4;
const NO_OBSERVERS: readonly RunObserver[] = Object.freeze([]);
const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

export class RunHub {
  readonly #active = new Map<string, ActiveRun>();
  readonly #waiting: Waiter[] = [];
  readonly #listeners: RunListener[] = [];
  readonly #faultListeners: CacheFaultListener[] = [];
  readonly #givers: (() => boolean)[] = [];
  /** Of each flow the last few, the newest first. */
  readonly #hosts = new WeakMap<CompiledFlow, WatchedHost[]>();
  readonly #limit: number;
  readonly #maxQueued: number;
  readonly #maxWaitMs: number;
  readonly #retryAfterSeconds: number;
  readonly #deadlineMs: number | undefined;
  readonly #journal: JournalStore | undefined;
  #admitted = 0;
  #closing = false;
  #onEmpty: (() => void) | undefined = undefined;

  constructor(options: HttpHostOptions = {}) {
    this.#journal = options.journal;
    this.#deadlineMs = options.deadlineMs;
    this.#limit = options.maxConcurrentRuns ?? 1000;
    this.#maxQueued = options.maxQueuedRuns ?? 1000;
    this.#maxWaitMs = options.maxQueueWaitMs ?? 10_000;
    this.#retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }

  /** Executions under way. */
  get inFlight(): number {
    return this.#admitted;
  }

  /** Executions that wait for a place. */
  get queued(): number {
    return this.#waiting.length;
  }

  /** True once the host has begun to close: nothing new is started. */
  get isClosing(): boolean {
    return this.#closing;
  }

  /** True while another execution would be started at once. */
  get hasRoom(): boolean {
    return this.#admitted < this.#limit && !this.#closing;
  }

  /** True while another execution would be refused. */
  get isOverloaded(): boolean {
    return this.#admitted >= this.#limit && this.#waiting.length >= this.#maxQueued;
  }

  /** Lets a part watch every execution that is started from now on. */
  onRun(listener: RunListener): void {
    this.#listeners.push(listener);
  }

  /** Lets the parts of the host watch executions that are started elsewhere in this process. */
  observeElsewhere(flows: readonly CompiledFlow[], source: string): RunObserver {
    return watchElsewhere(this.#listeners, flows, source);
  }

  /** Lets a part give places back when a new execution finds none. It says whether it did. */
  onFull(giveUp: () => boolean): void {
    this.#givers.push(giveUp);
  }

  /** Tells of each fault of a store behind the results that executions share (RUN351). */
  onCacheFault(listener: CacheFaultListener): void {
    this.#faultListeners.push(listener);
  }

  /** Starts an execution, at once where there is a place, else when one is free. With a journal it is
   * written down first; an invocation with a journal of its own goes on from there.
   * @throws DiagnosticError HTTP150 (overload; details.retry_after_s) or HTTP151 (closing); as a
   * rejection where it waited. */
  start(flow: CompiledFlow, given: Invoke, origin: RunOrigin): Run | Promise<Run> {
    if (this.#closing) throw new DiagnosticError([diagnostic.HTTP151({})]);
    const invoke = this.#deadlineMs === undefined ? given : withDeadline(given, this.#deadlineMs);
    if (this.#admitted < this.#limit) {
      this.#admitted += 1;
      return this.#begin(flow, invoke, origin);
    }
    // Whoever ends hands its place on, so that nobody who comes meanwhile can take it.
    return this.#whenFree().then(() => {
      if (!this.#closing) return this.#begin(flow, invoke, origin);
      this.#leave();
      throw new DiagnosticError([diagnostic.HTTP151({})]);
    });
  }

  /** An execution under way. */
  find(runId: string): ActiveRun | undefined {
    return this.#active.get(runId);
  }

  /** All executions under way, the oldest first. */
  active(): readonly ActiveRun[] {
    return [...this.#active.values()];
  }

  /** Refuses new executions, waits up to `ms` milliseconds for those under way, cancels the rest (with a
   * journal they are interrupted) and waits for their clean-up. */
  async drain(ms: number): Promise<void> {
    this.#closing = true;
    for (const waiter of this.#waiting.splice(0)) {
      clearTimeout(waiter.timer);
      waiter.refuse(new DiagnosticError([diagnostic.HTTP151({})]));
    }
    if (this.#admitted === 0) return;
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    const timer = setTimeout(() => {
      for (const { run } of this.#active.values()) void run.interrupt(SHUTDOWN_REASON);
    }, ms);
    await empty;
    clearTimeout(timer);
  }

  #begin(flow: CompiledFlow, invoke: Invoke, origin: RunOrigin): Run | Promise<Run> {
    return this.#journal === undefined
      ? this.#execute(flow, invoke, origin)
      : this.#beginDurably(this.#journal, flow, invoke, origin);
  }

  /** Nothing is executed that is not in the journal first. */
  async #beginDurably(
    store: JournalStore,
    flow: CompiledFlow,
    invoke: Invoke,
    origin: RunOrigin,
  ): Promise<Run> {
    let journal = invoke.journal as OwnedJournal | undefined;
    try {
      const runId = invoke.runId ?? newRunId();
      journal ??= await store.create(startOf(flow, invoke, runId));
      return this.#execute(flow, { ...invoke, runId: journal.runId, journal }, origin, journal);
    } catch (error) {
      await journal?.close().catch(() => undefined);
      this.#leave();
      throw error;
    }
  }

  #execute(
    flow: CompiledFlow,
    invoke: Invoke,
    origin: RunOrigin,
    journal?: OwnedJournal | undefined,
  ): Run {
    const id = invoke.runId ?? newRunId();
    const identified = invoke.runId === undefined ? { ...invoke, runId: id } : invoke;
    const entry = new StartedRun(id, flow, identified, origin, journal !== undefined);
    const run = startRun(flow.plan, identified, this.#hostFor(flow, entry));
    if (journal !== undefined) {
      this.#active.set(id, { entry, run });
      void obeyJournal(run, journal).then(() => this.#ended(id));
    } else if (run.ended !== undefined) {
      this.#leave();
    } else {
      this.#active.set(id, { entry, run });
      void run.result.then(() => this.#ended(id));
    }
    return run;
  }

  /** What the executor needs beside the invocation. Most listeners give one of a few observers for every
   * execution, so the last options of a flow are used again where they fit. */
  #hostFor(flow: CompiledFlow, entry: HubRun): HostOptions {
    const hosts = this.#hosts.get(flow) ?? [];
    const last = hosts[0];
    const observers = this.#observersOf(entry, last?.observers ?? NO_OBSERVERS);
    if (last !== undefined && last.observers === observers) return last.options;
    const known = hosts.findIndex((one) => areSame(one.observers, observers));
    const host = known < 0 ? this.#watchedHost(flow, observers, last) : hosts.splice(known, 1)[0]!;
    hosts.unshift(host);
    hosts.length = Math.min(hosts.length, MAX_HOSTS);
    this.#hosts.set(flow, hosts);
    return host.options;
  }

  #watchedHost(
    flow: CompiledFlow,
    observers: readonly RunObserver[],
    last: WatchedHost | undefined,
  ): WatchedHost {
    const resultCache = last?.options.resultCache ?? flowResultCache(flow, this.#cacheFault);
    const [first, second] = observers;
    const observer = second === undefined ? first : combineObservers(observers);
    const options = {
      capabilities: flow.capabilities,
      ...(resultCache === undefined ? {} : { resultCache }),
      ...(observer === undefined ? {} : { observer }),
    };
    return { observers, options };
  }

  /** The observers of an execution; the last ones themselves where they are the same. */
  #observersOf(entry: HubRun, last: readonly RunObserver[]): readonly RunObserver[] {
    let same = 0;
    let others: RunObserver[] | undefined;
    for (const listener of this.#listeners) {
      const observer = listener(entry);
      if (observer === undefined) continue;
      if (others === undefined && last[same] === observer) same += 1;
      else (others ??= last.slice(0, same)).push(observer);
    }
    return others ?? (same === last.length ? last : last.slice(0, same));
  }

  readonly #cacheFault: CacheFaultListener = (flow, fault) => {
    for (const listener of this.#faultListeners) listener(flow, fault);
  };

  #ended(id: string): void {
    this.#active.delete(id);
    this.#leave();
  }

  /** Gives a place to whoever waits longest, else back. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      clearTimeout(next.timer);
      next.admit();
      return;
    }
    this.#admitted -= 1;
    if (this.#admitted === 0) this.#onEmpty?.();
  }

  #whenFree(): Promise<void> {
    const isFreed = this.#givers.some((giveUp) => giveUp());
    if (!isFreed && this.#waiting.length >= this.#maxQueued) throw this.#overload();
    return new Promise((admit, refuse) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        refuse(this.#overload());
      }, this.#maxWaitMs);
      const waiter: Waiter = { admit, refuse, timer };
      this.#waiting.push(waiter);
    });
  }

  #overload(): DiagnosticError {
    const details = { retry_after_s: this.#retryAfterSeconds };
    const params = { running: this.#admitted, waiting: this.#waiting.length };
    return new DiagnosticError([diagnostic.HTTP150(params, undefined, { details })]);
  }
}

function areSame(some: readonly RunObserver[], others: readonly RunObserver[]): boolean {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}

/** One that is taken up again keeps the deadline that it was begun with. */
function withDeadline(invoke: Invoke, deadlineMs: number): Invoke {
  const isSettled = invoke.deadlineMs !== undefined || invoke.journal !== undefined;
  return isSettled ? invoke : { ...invoke, deadlineMs };
}
