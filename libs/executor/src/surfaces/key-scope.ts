// Which messages of different sources belong together: those whose scopes agree once the scopes are
// left out that were opened on the way to one of the sources only.
import type { PlanDraft } from '../plan/plan-draft.js';
import type { Scope } from '../run/scope.js';

/** Indices of the nodes that lead to every one of the sources, the sources themselves included where
 * they lead to all others. */
export function nodesAboveAll(draft: PlanDraft, sources: readonly number[]): ReadonlySet<number> {
  let common: Set<number> | undefined;
  for (const source of new Set(sources)) {
    const above = ancestors(draft, source);
    common = common === undefined ? above : new Set([...common].filter((node) => above.has(node)));
  }
  return common ?? new Set();
}

function ancestors(draft: PlanDraft, node: number): Set<number> {
  const seen = new Set([node]);
  const pending = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { from } of draft.nodes[next]!.inputs) {
      if (seen.has(from)) continue;
      seen.add(from);
      pending.push(from);
    }
  }
  return seen;
}

/** The scope by which a join matches its parts. */
export function joinScope(scope: Scope, above: ReadonlySet<number>): Scope {
  let key = scope;
  while (key.parent !== undefined && !above.has(key.origin)) key = key.parent;
  return key;
}

/** The scope within which streams are paired or put in order: an item of a for_each or a pass of a
 * loop around all sources, else the whole execution. */
export function streamScope(scope: Scope, above: ReadonlySet<number>): Scope {
  let key = scope;
  while (key.parent !== undefined && (key.unit === undefined || !above.has(key.origin))) {
    key = key.parent;
  }
  return key;
}
