// What has to happen before a handler may run, for the nodes and messages that need it: loading a
// spilled value, asking whether the message is a duplicate, and looking for a cached result.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { compileSelector, hashValue, type Value } from '@basalt/ir';
import { DedupeGate } from '../recovery/dedupe-gate.js';
import type { EdgePlan } from '../plan/exec-plan.js';
import { describeThrown, errorOf } from './failure.js';
import type { FlowRun } from './flow-run.js';
import { idempotencyKeyFor } from './idempotency-key-for.js';
import type { Invocation } from './invocation.js';
import type { Message } from './message.js';
import { cacheFaultsOf, cacheOf } from './result-cache-of.js';
import { SpillStore } from '../recovery/spill-store.js';

/** How long a key is remembered when the node does not say, in milliseconds. */
const DEFAULT_DEDUPE_TTL_MS = 300_000;

/** Keys whose inputs one execution remembers. */
const MAX_REMEMBERED = 10_000;

interface Computation {
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export class Preparation {
  readonly #run: FlowRun;
  readonly #stores = new Map<string, SpillStore>();
  /** Keys that were reserved for messages which are not done. */
  readonly #reserved = new Map<Message, string>();
  /** Hashes of inputs by key, to tell a repeat from another input with the same key. */
  readonly #inputs = new Map<string, string>();
  /** Results that a cache waits for. */
  readonly #computing = new Map<Message, Computation>();
  /** Settles when the stores of caches know of every write. */
  #marked: Promise<unknown> = Promise.resolve();
  #gate: DedupeGate | undefined = undefined;
  /** What was spilled is removed, by an earlier execution of this name as well. */
  #isSwept = false;

  constructor(run: FlowRun) {
    this.#run = run;
  }

  /** Prepares an invocation and starts it. */
  begin(invocation: Invocation): void {
    const run = this.#run;
    const { plan } = invocation.node;
    const { extra, edge } = invocation.message;
    let ready: Invocation | undefined = invocation;
    if (extra?.load === undefined) {
      if (run.durable !== undefined) ready = run.durable.takeUp(invocation);
      if (ready === undefined) return;
      if (plan.direct) {
        run.start(ready);
        return;
      }
    }
    run.callBegan();
    void this.#loadAndPrepare(ready, extra?.load, edge).finally(() => {
      run.callEnded();
      run.drain();
    });
  }

  /** The invocation has put out its result. */
  completed(invocation: Invocation, output: Value | undefined): void {
    const { message } = invocation;
    this.#reserved.delete(message);
    const computing = this.#computing.get(message);
    this.#computing.delete(message);
    // What was emitted is no part of the result, so it could not be given again.
    computing?.resolve(invocation.emitted > 0 ? undefined : output);
  }

  /** A node has, or may have, written to these resources: what was cached about them before is not
   * used by any invocation that is prepared from now on. */
  wrote(hints: readonly string[]): void {
    const run = this.#run;
    const cache = cacheOf(run);
    const faults = cacheFaultsOf(run);
    run.callBegan();
    const marked = Promise.all([
      this.#marked,
      ...hints.map((hint) => cache.invalidate(hint, faults)),
    ]);
    this.#marked = marked.finally(() => {
      run.callEnded();
      run.drain();
    });
  }

  /** The invocation has failed for good: a redelivery of its message is no duplicate. */
  failed(invocation: Invocation): void {
    const { message } = invocation;
    const computing = this.#computing.get(message);
    this.#computing.delete(message);
    computing?.reject(new Error('the invocation failed'));
    const key = this.#reserved.get(message);
    this.#reserved.delete(message);
    if (key === undefined) return;
    const run = this.#run;
    run.callBegan();
    void this.#forget(key).finally(() => {
      run.callEnded();
      run.drain();
    });
  }

  /** True where the end of the execution has something to put in order. */
  get hasLeftovers(): boolean {
    if (this.#reserved.size > 0 || this.#computing.size > 0) return true;
    if ([...this.#stores.values()].some((store) => store.size > 0)) return true;
    return !this.#isSwept && this.#isNamed && this.#run.plan.spilling.length > 0;
  }

  /** Gives back the keys of messages that were not done, gives up what others wait for, and removes what
   * was spilled. */
  async cleanUp(): Promise<void> {
    // Other executions may wait for these results, and no handler is waited for any more.
    for (const { reject } of this.#computing.values()) reject(new Error('the execution has ended'));
    this.#computing.clear();
    for (const key of this.#reserved.values()) await this.#forget(key);
    await this.#sweep();
  }

  get #isNamed(): boolean {
    return this.#run.isNamed && this.#run.host.capabilities?.blob !== undefined;
  }

  async #sweep(): Promise<void> {
    this.#isSwept = true;
    const { spilling } = this.#run.plan;
    if (this.#isNamed) spilling.forEach((edge) => this.spillStore(edge));
    for (const [tier, store] of this.#stores) {
      const edges = spilling.filter((edge) => tierOf(edge) === tier).map(({ label }) => label);
      try {
        await store.clear(edges);
      } catch (error) {
        this.#note(error);
      }
    }
  }

  spillStore(edge: EdgePlan): SpillStore {
    const tier = tierOf(edge);
    const known = this.#stores.get(tier);
    if (known !== undefined) return known;
    const { blob } = this.#run.host.capabilities ?? {};
    if (blob === undefined) throw this.#unbound('resource::blob::write');
    const store = new SpillStore(blob, `${tier}/${this.#run.id}`, this.#isNamed);
    this.#stores.set(tier, store);
    return store;
  }

  async #loadAndPrepare(
    invocation: Invocation,
    load: (() => Promise<Value>) | undefined,
    edge: EdgePlan | undefined,
  ): Promise<void> {
    const run = this.#run;
    let ready: Invocation | undefined = invocation;
    try {
      if (load !== undefined) {
        invocation.input = await load();
        if (run.isStopping) return;
        if (run.durable !== undefined) ready = run.durable.takeUp(invocation);
      }
      if (ready !== undefined) await this.#prepare(ready, edge);
    } catch (error) {
      if (!run.isStopping) ready!.failed(errorOf(error, ready!, kindOf(error)));
    }
  }

  async #prepare(invocation: Invocation, edge: EdgePlan | undefined): Promise<void> {
    if (edge?.delivery === 'exactly_once' && !(await this.#isFirst(invocation, edge))) {
      const { alias } = invocation;
      this.#run.drop(alias, 'duplicate', invocation.input);
      if (!this.#run.isStopping) invocation.end('ok', undefined);
      return;
    }
    if (this.#run.isStopping) return;
    const spec = invocation.node.plan.ir.cache;
    const keyed =
      spec === undefined ? undefined : compileSelector(spec.key ?? '')(invocation.input);
    if (spec === undefined || keyed === undefined) this.#run.start(invocation);
    else void this.#throughCache(invocation, spec, keyed);
  }

  async #isFirst(invocation: Invocation, edge: EdgePlan): Promise<boolean> {
    const { plan } = invocation.node;
    const run = this.#run;
    const key = idempotencyKeyFor(run.plan.ir, plan, invocation.input, edge);
    const ttlMs = plan.ir.idempotency.ttlMs ?? DEFAULT_DEDUPE_TTL_MS;
    if (run.durable !== undefined) {
      return (await run.durable.reserve(invocation, key, ttlMs)) !== 'duplicate';
    }
    const { dedupe } = run.host.capabilities ?? {};
    if (dedupe === undefined) throw this.#unbound('resource::dedupe::write');
    this.#gate ??= new DedupeGate(dedupe);
    const admission = await this.#gate.enter(key, ttlMs);
    const hash = hashValue(invocation.input);
    if (admission === 'first') {
      this.#reserved.set(invocation.message, key);
      this.#remember(key, hash);
      return true;
    }
    if ((this.#inputs.get(key) ?? hash) !== hash) {
      throw new DiagnosticError([diagnostic.IDEM099({ node: plan.alias, key })]);
    }
    return false;
  }

  #remember(key: string, hash: string): void {
    this.#inputs.set(key, hash);
    if (this.#inputs.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#inputs.keys()) {
      this.#inputs.delete(oldest);
      return;
    }
  }

  async #throughCache(
    invocation: Invocation,
    spec: NonNullable<Invocation['node']['plan']['ir']['cache']>,
    keyed: Value,
  ): Promise<void> {
    const run = this.#run;
    const { ir, alias } = invocation.node.plan;
    const node = { identifier: ir.identifier, codeHash: ir.code_hash, spec };
    const compute = () =>
      new Promise<Value | undefined>((resolve, reject) => {
        this.#computing.set(invocation.message, { resolve, reject });
        run.start(invocation);
        run.drainSoon();
      });
    // Open, but virtual time may pass: what is waited for may be a handler that sleeps.
    run.calls += 1;
    try {
      await this.#marked;
      const faults = cacheFaultsOf(run);
      const { value, hit } = await cacheOf(run).through(node, keyed, compute, faults);
      if (hit && !run.isStopping) {
        run.observer?.cacheHit?.(run, alias, value!);
        invocation.returned(value);
      }
    } catch (error) {
      if (error instanceof DiagnosticError && !run.isStopping) {
        invocation.failed(errorOf(error, invocation, 'cache_failed'));
      }
    } finally {
      run.calls -= 1;
      run.drain();
    }
  }

  async #forget(key: string): Promise<void> {
    try {
      await this.#gate!.fail(key);
    } catch (error) {
      this.#note(error);
    }
  }

  #note(error: unknown): void {
    if (error instanceof DiagnosticError)
      error.diagnostics.forEach((d) => this.#run.ending.note(d));
    else {
      const reason = describeThrown(error);
      this.#run.ending.note(diagnostic.RUN135({ method: 'cleanUp', reason }));
    }
  }

  #unbound(hints: string): DiagnosticError {
    return new DiagnosticError([diagnostic.CAP101({ flow: this.#run.plan.ir.name, hints })]);
  }
}

/** The name under which messages of the edge are kept. */
function tierOf({ spillTier }: EdgePlan): string {
  return spillTier ?? 'spill';
}

/** What a failed preparation is counted as. */
function kindOf(error: unknown): string {
  const code = error instanceof DiagnosticError ? error.diagnostic.code : '';
  if (code.startsWith('RUN32')) return 'spill_load_failed';
  return code === 'RUN330' || code === 'IDEM099' ? 'dedupe_failed' : 'preparation_failed';
}
