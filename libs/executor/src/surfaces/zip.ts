// zip: pairs the n-th message of each source.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { Value, ZipConfig } from '@basalt/ir';
import type { Intake } from '../plan/exec-plan.js';
import type { FlowRun } from '../run/flow-run.js';
import { Message } from '../run/message.js';
import type { NodeRun } from '../run/node-run.js';
import type { PlanDraft, SurfacePlace } from '../plan/plan-draft.js';
import { RingBuffer } from '../structures/ring-buffer.js';
import { Scope, type ScopeHolder } from '../run/scope.js';
import { attachIntake } from './attach-intake.js';
import { define } from './join.js';
import { nodesAboveAll, streamScope } from './key-scope.js';

interface ZipPlan {
  readonly surface: string;
  readonly sources: readonly string[];
  readonly drops: boolean;
  readonly above: ReadonlySet<number>;
}

type Lanes = ReadonlyMap<string, RingBuffer<Value>>;

/** Attaches a zip to its target. */
export function compileZip(draft: PlanDraft, place: SurfacePlace, config: ZipConfig): void {
  const sources = config.sources.map((alias) => draft.edgeFor(place, alias, config.target).from);
  const plan: ZipPlan = {
    surface: place.id,
    sources: config.sources,
    drops: config.on_uneven === 'drop',
    above: nodesAboveAll(draft, sources),
  };
  attachIntake(draft, place, config.target, config.sources, (run, node) => {
    return new ZipIntake(plan, run, node);
  });
}

class ZipIntake implements Intake, ScopeHolder {
  readonly order: number;
  readonly #plan: ZipPlan;
  readonly #run: FlowRun;
  readonly #node: NodeRun;
  readonly #lanes = new Map<Scope, Lanes>();
  /** Pairs that were made, for their names in the journal. */
  readonly #pairs = new WeakMap<Scope, number>();

  constructor(plan: ZipPlan, run: FlowRun, node: NodeRun) {
    this.#plan = plan;
    this.#run = run;
    this.#node = node;
    this.order = node.plan.order;
  }

  accept(message: Message): void {
    const scope = streamScope(message.scope, this.#plan.above);
    const lanes = this.#lanes.get(scope) ?? this.#open(scope);
    lanes.get(message.edge!.ir.from)!.push(message.value);
    if ([...lanes.values()].every((lane) => lane.length > 0)) this.#pair(scope, lanes);
    this.#run.release(message);
  }

  drain(): boolean {
    if (this.#plan.drops) for (const scope of [...this.#lanes.keys()]) this.#drop(scope);
    return false;
  }

  starved(): Diagnostic | undefined {
    for (const lanes of this.#lanes.values()) {
      const uneven = this.#uneven(lanes);
      if (uneven !== undefined) return uneven;
    }
    return undefined;
  }

  scopeQuiet(scope: Scope): boolean {
    const lanes = this.#lanes.get(scope);
    const uneven = lanes === undefined || this.#plan.drops ? undefined : this.#uneven(lanes);
    if (uneven !== undefined && !this.#run.failures.skipItem(scope)) this.#run.fail(uneven);
    this.#drop(scope);
    return false;
  }

  scopeDropped(scope: Scope): void {
    this.#lanes.delete(scope);
    scope.removeHolder(this);
  }

  #open(scope: Scope): Lanes {
    const lanes = new Map(this.#plan.sources.map((source) => [source, new RingBuffer<Value>()]));
    this.#lanes.set(scope, lanes);
    scope.addHolder(this);
    return lanes;
  }

  /** A pair has a scope of its own, as an item of a stream has. */
  #pair(scope: Scope, lanes: Lanes): void {
    const value: Record<string, Value> = {};
    for (const [source, lane] of lanes) define(value, source, lane.shift()!);
    const own = new Scope(scope, this.#node.plan.index, undefined);
    own.live += 1;
    if (this.#run.durable !== undefined) {
      own.key = `${scope.key}/z${this.#node.plan.alias}:${this.#nextPair(scope)}`;
    }
    this.#node.admit(new Message(value, own, undefined));
  }

  #nextPair(scope: Scope): number {
    const pairs = this.#pairs.get(scope) ?? 0;
    this.#pairs.set(scope, pairs + 1);
    return pairs;
  }

  #drop(scope: Scope): void {
    for (const lane of this.#lanes.get(scope)?.values() ?? []) {
      while (lane.length > 0) this.#run.drop(this.#node.plan.alias, 'uneven', lane.shift()!);
    }
    this.scopeDropped(scope);
  }

  #uneven(lanes: Lanes): Diagnostic | undefined {
    if ([...lanes.values()].every((lane) => lane.length === 0)) return undefined;
    const counts = [...lanes]
      .map(([source, lane]) => `${lane.length} left of ${source}`)
      .join(', ');
    return diagnostic.RUN133({ surface: this.#plan.surface, counts });
  }
}
