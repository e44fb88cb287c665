// join: fires its target once with one value of each source, matched by scope.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { JoinConfig, Value } from '@basalt/ir';
import type { Intake } from '../plan/exec-plan.js';
import type { FlowRun } from '../run/flow-run.js';
import { Message } from '../run/message.js';
import type { NodeRun } from '../run/node-run.js';
import type { PlanDraft, SurfacePlace } from '../plan/plan-draft.js';
import type { RunTimer } from '../run/run-timers.js';
import type { Scope, ScopeHolder } from '../run/scope.js';
import { attachIntake } from './attach-intake.js';
import { joinScope, nodesAboveAll } from './key-scope.js';

interface JoinPlan {
  readonly surface: string;
  readonly sources: readonly string[];
  readonly mode: JoinConfig['mode'];
  readonly timeoutMs: number;
  readonly above: ReadonlySet<number>;
}

/** What has come for one scope. It stays until the scope closes, so that a surplus is noticed. */
interface Partial {
  readonly values: Map<string, Value>;
  fired: boolean;
  timer: RunTimer | undefined;
}

/** Attaches a join to its target. */
export function compileJoin(draft: PlanDraft, place: SurfacePlace, config: JoinConfig): void {
  const sources = config.sources.map((alias) => draft.edgeFor(place, alias, config.target).from);
  const plan: JoinPlan = {
    surface: place.id,
    sources: config.sources,
    mode: config.mode,
    timeoutMs: config.timeout_ms ?? 0,
    above: nodesAboveAll(draft, sources),
  };
  attachIntake(draft, place, config.target, config.sources, (run, node) => {
    return new JoinIntake(plan, run, node);
  });
}

class JoinIntake implements Intake, ScopeHolder {
  readonly order: number;
  readonly #plan: JoinPlan;
  readonly #run: FlowRun;
  readonly #node: NodeRun;
  readonly #partials = new Map<Scope, Partial>();
  readonly #surplus = new Set<string>();

  constructor(plan: JoinPlan, run: FlowRun, node: NodeRun) {
    this.#plan = plan;
    this.#run = run;
    this.#node = node;
    this.order = node.plan.order;
  }

  accept(message: Message): void {
    const source = message.edge!.ir.from;
    const scope = joinScope(message.scope, this.#plan.above);
    const partial = this.#partials.get(scope) ?? this.#open(scope);
    if (partial.values.has(source) || partial.fired) this.#refuse(source, message.value);
    else {
      partial.values.set(source, message.value);
      if (partial.values.size === this.#plan.sources.length) this.#fire(scope, partial);
    }
    this.#run.release(message);
  }

  drain(): boolean {
    if (this.#plan.mode !== 'available') return false;
    for (const [scope, partial] of this.#partials) {
      if (partial.fired) continue;
      this.#fire(scope, partial);
      return true;
    }
    return false;
  }

  starved(): Diagnostic | undefined {
    for (const partial of this.#partials.values()) {
      if (!partial.fired) return this.#starvation(partial);
    }
    return undefined;
  }

  scopeQuiet(scope: Scope): boolean {
    const partial = this.#partials.get(scope);
    if (partial !== undefined && !partial.fired) {
      if (this.#plan.mode === 'available') {
        this.#fire(scope, partial);
        return true;
      }
      const { failures } = this.#run;
      if (!failures.skipItem(scope)) this.#run.fail(this.#starvation(partial));
    }
    this.scopeDropped(scope);
    return false;
  }

  scopeDropped(scope: Scope): void {
    const partial = this.#partials.get(scope);
    if (partial?.timer !== undefined) this.#run.timers.cancel(partial.timer);
    this.#partials.delete(scope);
    scope.removeHolder(this);
  }

  #open(scope: Scope): Partial {
    const partial: Partial = { values: new Map(), fired: false, timer: undefined };
    this.#partials.set(scope, partial);
    scope.addHolder(this);
    if (this.#plan.timeoutMs > 0) this.#startTimer(scope, partial);
    return partial;
  }

  expire(scopeKey: string): void {
    for (const [scope, partial] of this.#partials) {
      if (scope.key !== scopeKey || partial.fired) continue;
      if (partial.timer !== undefined) this.#run.timers.cancel(partial.timer);
      this.#timedOut(scope, partial);
    }
  }

  /** @param holds false where the execution may find out meanwhile that nothing moves any more */
  #startTimer(scope: Scope, partial: Partial, holds = true): void {
    const late = () => {
      const { arrivals } = this.#node;
      if (arrivals?.isReplaying) this.#startTimer(scope, partial, false);
      else {
        arrivals?.expired(scope.key);
        this.#timedOut(scope, partial);
      }
    };
    partial.timer = this.#run.timers.set(this.#plan.timeoutMs, late, holds);
  }

  #fire(scope: Scope, partial: Partial): void {
    const value: Record<string, Value> = {};
    for (const source of this.#plan.sources) {
      const part = partial.values.get(source);
      if (part !== undefined) define(value, source, part);
    }
    partial.fired = true;
    if (partial.timer !== undefined) this.#run.timers.cancel(partial.timer);
    partial.values.clear();
    scope.live += 1;
    this.#node.admit(new Message(value, scope, undefined));
  }

  #timedOut(scope: Scope, partial: Partial): void {
    partial.timer = undefined;
    if (this.#plan.mode === 'available') {
      this.#fire(scope, partial);
      return;
    }
    const what = `Join ${this.#plan.surface}, which waits for ${this.#missing(partial)},`;
    const late = diagnostic.TIME015({ what, timeout_ms: this.#plan.timeoutMs });
    if (!this.#run.failures.skipItem(scope)) this.#run.fail(late);
  }

  #refuse(source: string, value: Value): void {
    this.#run.drop(this.#node.plan.alias, 'surplus', value);
    if (this.#surplus.has(source)) return;
    this.#surplus.add(source);
    this.#run.ending.note(diagnostic.RUN132({ surface: this.#plan.surface, source }));
  }

  #starvation(partial: Partial): Diagnostic {
    return diagnostic.RUN111({
      surface: `Join ${this.#plan.surface}`,
      node: this.#node.plan.alias,
      waits_for: this.#missing(partial),
    });
  }

  #missing(partial: Partial): string {
    return this.#plan.sources.filter((source) => !partial.values.has(source)).join(', ');
  }
}

/** Sets an own property, also one named "__proto__". */
export function define(map: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') map[key] = value;
  else
    Object.defineProperty(map, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
}
