// for_each: sends each item of a list through a body, a few at a time, and may collect what the body
// puts out in the order of the items.
import { scopeKeyBelow } from '../durable/scope-key.js';
import { compilePointer, type ForEachConfig, type Value } from '@basalt/ir';
import type { Sender } from '../run/edge-run.js';
import type { EdgePlan, Router } from '../plan/exec-plan.js';
import type { FlowRun } from '../run/flow-run.js';
import type { Invocation } from '../run/invocation.js';
import type { NodeRun } from '../run/node-run.js';
import type { PlanDraft, SurfacePlace } from '../plan/plan-draft.js';
import { refuseSurface } from '../plan/plan-draft.js';
import { releaseScope, Scope, type ScopeUnit } from '../run/scope.js';
import { describe, unroutable } from './route-by-value.js';

interface ForEachPlan {
  readonly surface: string;
  readonly source: number;
  readonly entry: EdgePlan;
  readonly collect: EdgePlan | undefined;
  readonly concurrency: number;
  readonly skips: boolean;
}

/** One item on its way through the body. */
class ForEachItem implements ScopeUnit {
  readonly kind = 'item';
  readonly results: Value[] = [];

  constructor(
    readonly list: ForEachList,
    readonly index: number,
  ) {}

  closed(scope: Scope): void {
    this.list.itemClosed(this, scope);
  }
}

/** One list under way. It holds the scope of its list open, and its source back until every item has
 * been sent. */
class ForEachList implements Sender {
  #next = 0;
  #open = 0;
  #held = false;
  #sending = false;
  readonly #results: (readonly Value[])[] = [];
  readonly #node: NodeRun;
  /** Of its scopes in the journal. */
  readonly #key: string;

  constructor(
    readonly plan: ForEachPlan,
    readonly run: FlowRun,
    readonly items: readonly Value[],
    readonly scope: Scope,
    from: Invocation,
  ) {
    this.#node = from.node;
    this.#key = scopeKeyBelow(from, scope, `i${plan.surface}`);
    scope.live += 1;
    this.#node.heldOutputs += 1;
    this.send();
  }

  held(): void {
    this.#held = true;
  }

  released(): void {
    this.#held = false;
    this.send();
  }

  /** Sends items while there is room for them. */
  send(): void {
    if (this.#sending || this.#next > this.items.length) return;
    this.#sending = true;
    const { plan, run, items } = this;
    while (!this.#held && this.#next < items.length && this.#open < plan.concurrency) {
      const index = this.#next;
      this.#next += 1;
      this.#open += 1;
      const scope = new Scope(this.scope, plan.source, new ForEachItem(this, index));
      if (this.#key !== '') scope.key = `${this.#key}:${index}`;
      run.send(plan.entry, items[index]!, scope, this);
    }
    this.#sending = false;
    if (this.#held || this.#next < items.length) return;
    if (this.#next === items.length) {
      // Only once: every item is on its way.
      this.#next += 1;
      this.#node.heldOutputs -= 1;
      if (this.#node.heldOutputs === 0) this.#node.wake();
    }
    this.#end();
  }

  itemClosed(item: ForEachItem, scope: Scope): void {
    this.#open -= 1;
    if (!scope.dropped) this.#results[item.index] = item.results;
    if (this.run.isStopping) return;
    if (this.#next > this.items.length) this.#end();
    else this.send();
  }

  #end(): void {
    if (this.#open > 0 || this.#next <= this.items.length) return;
    const { plan, run, scope } = this;
    if (plan.collect !== undefined) {
      run.send(plan.collect, this.#results.flat(), scope, run.node(plan.collect.from));
    }
    releaseScope(scope);
  }
}

/** Attaches a for_each to its source, and its collection to the end of its body. */
export function compileForEach(draft: PlanDraft, place: SurfacePlace, config: ForEachConfig): void {
  const source = draft.nodeFor(place, config.source);
  const entry = draft.gate(place, config.source, config.body_entry);
  let collect: EdgePlan | undefined;
  if (config.collect !== undefined) {
    if (config.body_exit === undefined) refuseSurface(place, 'collect needs body_exit');
    collect = draft.gate(place, config.body_exit, config.collect);
    draft.nodeFor(place, config.body_exit).routers.push(collector(place));
  }
  const plan: ForEachPlan = {
    surface: place.id,
    source: source.index,
    entry,
    collect,
    concurrency: config.concurrency,
    skips: config.on_error === 'skip',
  };
  const select = compilePointer(config.items_pointer);
  source.routers.push({
    surface: place.id,
    kind: place.kind,
    route(run, from, value, scope) {
      const items = select(value);
      if (!Array.isArray(items)) {
        const at = config.items_pointer || 'the value';
        throw unroutable(place, config.source, `${at} is ${describe(items)}, not a list`);
      }
      new ForEachList(plan, run, items as readonly Value[], scope, from);
    },
  });
}

/** Keeps what the body puts out with the item that it belongs to. */
function collector(place: SurfacePlace): Router {
  return {
    surface: place.id,
    kind: place.kind,
    route(_run, from, value, scope) {
      const item = itemOf(scope, (unit) => unit.list.plan.surface === place.id);
      if (item === undefined) {
        throw unroutable(place, from.alias, 'it does not belong to one item of the list');
      }
      (item.unit as ForEachItem).results.push(value);
    },
  };
}

/** The innermost item around `scope` whose for_each skips failed items. */
export function skippableItem(scope: Scope): Scope | undefined {
  return itemOf(scope, (unit) => unit.list.plan.skips);
}

function itemOf(scope: Scope, wanted: (unit: ForEachItem) => boolean): Scope | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.unit instanceof ForEachItem && wanted(at.unit)) return at;
  }
  return undefined;
}
