// A place where one script runs at a time: a QuickJS runtime with bounds of its own for memory, stack and
// time. Scripts reach the host only by asking, in texts.
import { diagnostic } from '@basalt/diagnostics';
import {
  Scope,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import { ComposeError } from '../run/compose-error.js';
import type { MaybePromise } from '../run/maybe-promise.js';
import { PRELUDE } from './prelude.js';
import { dropEngine, scriptEngine } from './script-engine.js';

export interface SandboxLimits {
  readonly memoryBytes: number;
  readonly stackBytes: number;
}

export const SANDBOX_LIMITS: SandboxLimits = {
  memoryBytes: 64 * 1024 * 1024,
  stackBytes: 256 * 1024,
};

/** What a script may ask its host. */
export interface ScriptHost {
  /** Answers with a text, or throws. `kind` is call, import or slot. */
  request(kind: string, name: string, payload: string): Promise<string>;
  /** A line; `level` is empty for api.log. */
  log(level: string, text: string): void;
  /** Why the script is to stop; undefined while it may go on. */
  stopReason(): ComposeError | undefined;
}

export interface ScriptJob {
  readonly source: string;
  /** Sources by name. */
  readonly tools: ReadonlyMap<string, string>;
  /** {bindings, state, meta, config, imports} as a wire text. */
  readonly given: string;
  /** Milliseconds that the script may run; what it waits for does not count. */
  readonly timeoutMs: number;
}

/** How a script ended: with a value or with {message, stack}, as wire texts. */
export interface ScriptEnd {
  readonly isDone: boolean;
  readonly text: string;
}

export class Sandbox {
  private host: ScriptHost | undefined;
  private outcome: Outcome | undefined;
  private wake: (() => void) | undefined;
  /** Time that the script of the job may still run, and when its current slice has begun. */
  private budget = Number.POSITIVE_INFINITY;
  private sliceStart = 0;
  private isBroken = false;
  /** Whether the memory of the engine is left to the collector, as it is. */
  private isAbandoned = false;
  /** Set as soon as the script is told to stop: what it does with that does not count. */
  private wasStopped = false;
  private readonly compiled = new Map<string, QuickJSHandle>();
  private readonly settle: QuickJSHandle;
  private readonly start: QuickJSHandle;

  private constructor(
    private readonly runtime: QuickJSRuntime,
    private readonly context: QuickJSContext,
    environment: string,
  ) {
    runtime.setInterruptHandler(() => this.isOver());
    [this.settle, this.start] = this.install(environment);
  }

  /** `environment` is {environment, cwd} as JSON. */
  static async open(environment: string, limits = SANDBOX_LIMITS): Promise<Sandbox> {
    const runtime = (await scriptEngine()).newRuntime();
    runtime.setMemoryLimit(limits.memoryBytes);
    runtime.setMaxStackSize(limits.stackBytes);
    return new Sandbox(runtime, runtime.newContext(), environment);
  }

  /** Whether another script may run here. */
  get isUsable(): boolean {
    return !this.isBroken;
  }

  /** Runs a script to its end, which is there at once where the script waits for nothing. Throws COMP121 and
   * COMP123 for one that is out of time or memory, COMP122 for one that does not compile, and the reason to
   * stop of the host. */
  run(job: ScriptJob, host: ScriptHost): MaybePromise<ScriptEnd> {
    this.host = host;
    this.budget = job.timeoutMs;
    this.outcome = undefined;
    this.slice(() => this.begin(job));
    // What was set while the script ran is not what control flow knows.
    const outcome = this.outcome as Outcome | undefined;
    if (outcome !== undefined) return settled(outcome);
    return new Promise<void>((resolve) => (this.wake = resolve)).then(() => settled(this.outcome!));
  }

  dispose(): void {
    this.isBroken = true;
    this.host = undefined;
    if (this.isAbandoned) return;
    try {
      for (const handle of this.compiled.values()) handle.dispose();
      this.settle.dispose();
      this.start.dispose();
      this.context.dispose();
      this.runtime.dispose();
    } catch {
      // The engine counts what is left when it ends; what it finds is lost with its memory.
      dropEngine();
    }
  }

  private install(environment: string): [QuickJSHandle, QuickJSHandle] {
    const { context } = this;
    return Scope.withScope((scope) => {
      const request = scope.manage(
        context.newFunction('request', (id, kind, name, payload) => {
          this.ask(context.getNumber(id), ...this.texts(kind, name, payload));
        }),
      );
      const log = scope.manage(
        context.newFunction('log', (level, text) => {
          const [name = '', line = ''] = this.texts(level, text);
          this.host?.log(name, line);
        }),
      );
      const done = scope.manage(
        context.newFunction('done', (isDone, text) => {
          const [given = 'null'] = this.texts(text);
          this.end({ isDone: context.dump(isDone) === true, text: given });
        }),
      );
      const prelude = scope.manage(context.unwrapResult(context.evalCode(PRELUDE, 'prelude.js')));
      const text = scope.manage(context.newString(environment));
      const made = context.callFunction(prelude, context.undefined, request, log, done, text);
      const api = scope.manage(context.unwrapResult(made));
      return [context.getProp(api, 'settle'), context.getProp(api, 'start')];
    });
  }

  private texts(...handles: readonly QuickJSHandle[]): string[] {
    return handles.map((handle) => this.context.getString(handle));
  }

  private begin(job: ScriptJob): void {
    const { context } = this;
    Scope.withScope((scope) => {
      const main = this.compile(job.source, 'script.js');
      const tools = scope.manage(context.newObject());
      for (const [name, source] of job.tools) {
        context.setProp(tools, name, this.compile(source, `tool ${name}`));
      }
      const given = scope.manage(context.newString(job.given));
      const begun = context.callFunction(this.start, context.undefined, main, tools, given);
      scope.manage(this.unwrapped(begun));
    });
  }

  /** The function that a source evaluates to, kept for the next time. */
  private compile(source: string, name: string): QuickJSHandle {
    const key = `${name}\n${source}`;
    const known = this.compiled.get(key);
    if (known !== undefined) return known;
    const { context } = this;
    const evaluated = context.evalCode(`(${source}\n)`, name);
    if (evaluated.error !== undefined) {
      const fault = evaluated.error.consume((handle) => context.dump(handle) as unknown);
      throw (
        this.stopped(fault) ??
        ComposeError.of(diagnostic.COMP122({ what: name, reason: reasonOf(fault) }))
      );
    }
    if (context.typeof(evaluated.value) !== 'function') {
      evaluated.value.dispose();
      const reason = 'it is not a function of (scope, api)';
      throw ComposeError.of(diagnostic.COMP122({ what: name, reason }));
    }
    this.compiled.set(key, evaluated.value);
    return evaluated.value;
  }

  private ask(id: number, kind = '', name = '', payload = 'null'): void {
    const { host } = this;
    if (host === undefined) return;
    host.request(kind, name, payload).then(
      (text) => this.answer(host, id, true, text),
      (error: unknown) => {
        const { code, message, data } = ComposeError.from(error);
        const fault = { code, message, ...(data === undefined ? {} : { data }) };
        this.answer(host, id, false, JSON.stringify(fault));
      },
    );
  }

  private answer(host: ScriptHost, id: number, isDone: boolean, text: string): void {
    // Whoever asked may be gone.
    if (this.host !== host || this.isBroken) return;
    const { context } = this;
    this.slice(() =>
      Scope.withScope((scope) => {
        const number = scope.manage(context.newNumber(id));
        const given = scope.manage(context.newString(text));
        const flag = isDone ? context.true : context.false;
        scope.manage(
          this.unwrapped(context.callFunction(this.settle, context.undefined, number, flag, given)),
        );
      }),
    );
  }

  /** Lets the script run until it waits, and counts the time. */
  private slice(work: () => void): void {
    this.sliceStart = performance.now();
    try {
      work();
      for (;;) {
        const jobs = this.runtime.executePendingJobs(1000);
        if (jobs.error !== undefined) {
          const fault = jobs.error.consume((handle) => this.context.dump(handle) as unknown);
          throw this.stopped(fault) ?? new ComposeError('script_error', reasonOf(fault));
        }
        if (jobs.value === 0) break;
      }
      // A script that is stopped may not even come to saying so.
      if (this.wasStopped) this.fail(this.stopped(INTERRUPTED));
    } catch (error) {
      this.fail(error);
    } finally {
      this.budget -= performance.now() - this.sliceStart;
    }
  }

  /** A script that was stopped may end as if it had failed by itself. */
  private end(given: ScriptEnd): void {
    if (this.wasStopped) this.fail(this.stopped(INTERRUPTED));
    else if (isOutOfMemory(given)) this.fail(ComposeError.of(diagnostic.COMP123({})));
    else this.conclude({ end: given });
  }

  private fail(thrown: unknown): void {
    if (thrown instanceof ComposeError) {
      if (thrown.code !== 'COMP122') this.isBroken = true;
      this.conclude({ error: thrown });
      return;
    }
    // A fault of the engine, such as a stack that is used up outside of its count: its memory is suspect.
    this.isBroken = true;
    this.isAbandoned = true;
    dropEngine();
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.conclude({ error: ComposeError.of(diagnostic.COMP124({ reason })) });
  }

  /** The first outcome counts. */
  private conclude(outcome: Outcome): void {
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    this.host = undefined;
    this.wake?.();
  }

  private unwrapped(result: ReturnType<QuickJSContext['callFunction']>): QuickJSHandle {
    if (result.error === undefined) return result.value;
    const fault = result.error.consume((handle) => this.context.dump(handle) as unknown);
    throw this.stopped(fault) ?? new ComposeError('script_error', reasonOf(fault));
  }

  private isOver(): boolean {
    const isOver =
      this.host?.stopReason() !== undefined || performance.now() - this.sliceStart > this.budget;
    this.wasStopped ||= isOver;
    return isOver;
  }

  /** The error for a script that was stopped from outside; undefined for a fault of its own. */
  private stopped(fault: unknown): ComposeError | undefined {
    const { name, message } = (fault ?? {}) as {
      readonly name?: unknown;
      readonly message?: unknown;
    };
    if (name !== 'InternalError') return undefined;
    if (message === INTERRUPTED.message) {
      return this.host?.stopReason() ?? ComposeError.of(diagnostic.COMP121({}));
    }
    if (message === 'out of memory') return ComposeError.of(diagnostic.COMP123({}));
    return undefined;
  }
}

/** How a script ended, or what stopped it. */
interface Outcome {
  readonly end?: ScriptEnd;
  readonly error?: ComposeError;
}

function settled({ end, error }: Outcome): ScriptEnd {
  if (end === undefined) throw error;
  return end;
}

/** What the engine throws where it was told to stop. */
const INTERRUPTED = { name: 'InternalError', message: 'interrupted' };

function isOutOfMemory({ isDone, text }: ScriptEnd): boolean {
  return !isDone && text.includes('InternalError: out of memory');
}

function reasonOf(fault: unknown): string {
  if (typeof fault !== 'object' || fault === null) return String(fault);
  const { name, message, lineNumber } = fault as Readonly<Record<string, unknown>>;
  const line = typeof lineNumber === 'number' ? ` (line ${lineNumber})` : '';
  return `${String(name ?? 'Error')}: ${String(message ?? '')}${line}`;
}
