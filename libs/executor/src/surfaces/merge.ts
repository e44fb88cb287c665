// merge: passes messages on as they come, or all of one source before those of the next.
import type { Diagnostic } from '@basalt/diagnostics';
import type { MergeConfig, Value } from '@basalt/ir';
import type { Intake } from '../plan/exec-plan.js';
import type { FlowRun } from '../run/flow-run.js';
import { Message } from '../run/message.js';
import type { NodeRun } from '../run/node-run.js';
import type { PlanDraft, SurfacePlace } from '../plan/plan-draft.js';
import { Scope, type ScopeHolder } from '../run/scope.js';
import { attachIntake } from './attach-intake.js';
import { nodesAboveAll, streamScope } from './key-scope.js';

interface MergePlan {
  readonly sources: readonly string[];
  readonly above: ReadonlySet<number>;
}

/** How far one scope has come. */
interface Turn {
  /** Index of the source whose messages pass. */
  current: number;
  /** By source: what has to wait. */
  readonly waiting: Value[][];
}

/** Attaches a merge to its target. By arrival is how every node takes its messages anyway. */
export function compileMerge(draft: PlanDraft, place: SurfacePlace, config: MergeConfig): void {
  const sources = config.sources.map((alias) => draft.edgeFor(place, alias, config.target).from);
  if (config.order === 'arrival') return;
  const plan: MergePlan = { sources: config.sources, above: nodesAboveAll(draft, sources) };
  attachIntake(draft, place, config.target, config.sources, (run, node) => {
    return new MergeIntake(plan, run, node);
  });
}

class MergeIntake implements Intake, ScopeHolder {
  readonly order: number;
  readonly #plan: MergePlan;
  readonly #run: FlowRun;
  readonly #node: NodeRun;
  readonly #turns = new Map<Scope, Turn>();

  constructor(plan: MergePlan, run: FlowRun, node: NodeRun) {
    this.#plan = plan;
    this.#run = run;
    this.#node = node;
    this.order = node.plan.order;
  }

  accept(message: Message): void {
    const scope = streamScope(message.scope, this.#plan.above);
    const turn = this.#turns.get(scope) ?? this.#open(scope);
    const source = this.#plan.sources.indexOf(message.edge!.ir.from);
    if (source === turn.current) {
      this.#node.admit(message);
      return;
    }
    turn.waiting[source]!.push(message.value);
    this.#run.release(message);
  }

  drain(): boolean {
    return [...this.#turns.keys()].some((scope) => this.#advance(scope));
  }

  starved(): Diagnostic | undefined {
    return undefined;
  }

  /** Nothing more of the current source can come: the next source's turn. */
  scopeQuiet(scope: Scope): boolean {
    return this.#advance(scope);
  }

  scopeDropped(scope: Scope): void {
    this.#turns.delete(scope);
    scope.removeHolder(this);
  }

  #open(scope: Scope): Turn {
    const turn: Turn = { current: 0, waiting: this.#plan.sources.map(() => []) };
    this.#turns.set(scope, turn);
    scope.addHolder(this);
    return turn;
  }

  #advance(scope: Scope): boolean {
    const turn = this.#turns.get(scope);
    if (turn === undefined) return false;
    while (turn.current + 1 < turn.waiting.length) {
      turn.current += 1;
      const values = turn.waiting[turn.current]!.splice(0);
      for (const [index, value] of values.entries()) {
        const own = new Scope(scope, this.#node.plan.index, undefined);
        own.live += 1;
        if (this.#run.durable !== undefined) {
          own.key = `${scope.key}/m${this.#node.plan.alias}:${turn.current}:${index}`;
        }
        this.#node.admit(new Message(value, own, undefined));
      }
      if (values.length > 0) return true;
    }
    this.scopeDropped(scope);
    return false;
  }
}
