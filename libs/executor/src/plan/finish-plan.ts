// What follows from nodes, edges and surfaces together: which edges fire always, which nodes are on
// the fast path, what runs side by side, and in what order surfaces are asked for what they hold.
import type { ExecPlan } from './exec-plan.js';
import type { EdgeDraft, NodeDraft, PlanDraft } from './plan-draft.js';
import { domainOf } from '../recovery/result-cache.js';
import { buildFlowIndex, preflightCapabilities } from '@basalt/validator';

export function finishPlan(draft: PlanDraft): ExecPlan {
  const { nodes, edges } = draft;
  markLoopBacks(draft);
  orderNodes(draft);
  raiseConcurrency(draft);
  for (const edge of edges) {
    if (edge.backward) edge.partition = undefined;
    edge.simple = isSimple(edge);
    if (!edge.gated) nodes[edge.from]!.outputs.push(edge);
  }
  for (const node of nodes) {
    node.maxActive = Math.max(1, node.maxActive);
    node.direct = isDirect(node);
  }
  markWriters(nodes);
  const entries = nodes.filter((node) => node.inputs.length === 0);
  const triggers = nodes.filter((node) => node.ir.kind === 'trigger');
  const sources = new Set(edges.map((edge) => edge.from));
  return Object.freeze({
    ir: draft.ir,
    nodes: Object.freeze(nodes),
    edges: Object.freeze(edges),
    byAlias: draft.byAlias,
    triggers: triggers.length > 0 ? triggers : entries,
    leaves: nodes.filter((node) => !sources.has(node.index)),
    holding: nodes
      .filter((node) => node.intake !== undefined || node.batch > 0)
      .sort((a, b) => a.order - b.order),
    spilling: edges.filter(
      ({ spillBytes, spillTier }) => spillBytes < Infinity || spillTier !== undefined,
    ),
    needsCapabilities: preflightCapabilities(draft.ir, new Set()).length > 0,
    hasCompensation: nodes.some(
      ({ compensator, subflow }) => compensator !== undefined || subflow?.hasCompensation,
    ),
  });
}

/** A bounded queue that blocks, and nothing else. */
function isSimple(edge: EdgeDraft): boolean {
  return (
    !edge.backward &&
    edge.held === undefined &&
    edge.timeoutMs === 0 &&
    edge.spillBytes === Infinity &&
    edge.spillTier === undefined &&
    edge.onDrop === 'block'
  );
}

/** Nothing has to be asked or loaded before the handler may run. */
function isDirect(node: NodeDraft): boolean {
  return (
    node.ir.cache === undefined && !node.inputs.some(({ delivery }) => delivery === 'exactly_once')
  );
}

/** A node that writes to what a cache depends on has to say so. */
function markWriters(nodes: readonly NodeDraft[]): void {
  const cached = new Set(
    nodes.flatMap(({ ir }) => ir.cache?.invalidate_on ?? []).map((hint) => domainOf(hint)),
  );
  for (const node of nodes) {
    const hints = node.ir.effectHints.filter((hint) => writes(hint) && cached.has(domainOf(hint)));
    if (hints.length > 0) node.invalidates = hints;
  }
}

function writes(hint: string): boolean {
  return !hint.endsWith('::read') && !hint.endsWith('::consume');
}

function markLoopBacks(draft: PlanDraft): void {
  for (const { config } of buildFlowIndex(draft.ir).surfacesOf('loop')) {
    if (config === undefined) continue;
    const edge = draft.findEdge(config.source, config.body_entry);
    if (edge !== undefined && closesCycle(draft, edge)) edge.backward = true;
  }
}

function closesCycle(draft: PlanDraft, edge: EdgeDraft): boolean {
  return reachable(draft, edge.to, () => true).has(edge.from);
}

/** Kahn's algorithm over the edges that close no loop; nodes on other cycles come last. */
function orderNodes(draft: PlanDraft): void {
  const open = draft.nodes.map((node) => node.inputs.filter((edge) => !edge.backward).length);
  const out = edgesBySource(draft);
  const ready = draft.nodes.filter((node) => open[node.index] === 0).map(({ index }) => index);
  let order = 0;
  for (const node of draft.nodes) node.order = draft.nodes.length + node.index;
  for (let i = 0; i < ready.length; i += 1) {
    draft.nodes[ready[i]!]!.order = order;
    order += 1;
    for (const edge of out[ready[i]!]!) {
      if (edge.backward) continue;
      open[edge.to]! -= 1;
      if (open[edge.to] === 0) ready.push(edge.to);
    }
  }
}

/** Nodes in the body of a for_each run as many items at once as it lets in, unless they say
 * otherwise. */
function raiseConcurrency(draft: PlanDraft): void {
  for (const { config } of buildFlowIndex(draft.ir).surfacesOf('for_each')) {
    if (config === undefined || config.concurrency === 1) continue;
    const entry = draft.byAlias.get(config.body_entry)!;
    const exit = config.body_exit === undefined ? undefined : draft.byAlias.get(config.body_exit);
    const body = reachable(draft, entry.index, (edge) => edge.from !== exit?.index);
    for (const index of body) {
      const node = draft.nodes[index]!;
      if (node.ir.concurrency === undefined) {
        node.maxActive = Math.max(node.maxActive, config.concurrency);
      }
    }
  }
}

function reachable(
  draft: PlanDraft,
  start: number,
  follow: (edge: EdgeDraft) => boolean,
): ReadonlySet<number> {
  const out = edgesBySource(draft);
  const seen = new Set([start]);
  const pending = [start];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const edge of out[next]!) {
      if (seen.has(edge.to) || !follow(edge)) continue;
      seen.add(edge.to);
      pending.push(edge.to);
    }
  }
  return seen;
}

function edgesBySource(draft: PlanDraft): readonly (readonly EdgeDraft[])[] {
  const out: EdgeDraft[][] = draft.nodes.map(() => []);
  for (const edge of draft.edges) out[edge.from]!.push(edge);
  return out;
}
