// A run as the page knows it: the changes that the host sends, put together.
import type {
  EdgeStatus,
  NodeStatus,
  RunChange,
  RunEntry,
  RunEvent,
  ShownValue,
} from '../viewer-protocol.js';

export interface RunModel {
  readonly version: number;
  readonly run: RunEntry;
  readonly output: ShownValue | null;
  readonly outputs: number;
  readonly children: readonly string[];
  readonly nodes: ReadonlyMap<string, NodeStatus>;
  readonly edges: ReadonlyMap<string, EdgeStatus>;
  readonly events: readonly RunEvent[];
  readonly eventsOmitted: number;
}

/** Events that a page keeps, whatever the host sends. */
const MAX_EVENTS = 1000;

export function modelOf(change: RunChange): RunModel {
  return {
    version: change.version,
    run: change.run,
    output: change.output,
    outputs: change.outputs,
    children: change.children,
    nodes: new Map(change.nodes.map((node) => [node.alias, node])),
    edges: new Map(change.edges.map((edge) => [edge.label, edge])),
    events: change.events,
    eventsOmitted: change.events_omitted,
  };
}

/** The model with a change in it. Nodes and edges that did not change stay the same objects. */
export function applyChange(model: RunModel, change: RunChange): RunModel {
  if (change.version < model.version) return modelOf(change);
  const last = model.events.at(-1)?.index ?? 0;
  const added = change.events.filter(({ index }) => index > last);
  const events = added.length === 0 ? model.events : [...model.events, ...added];
  const surplus = Math.max(0, events.length - MAX_EVENTS);
  return {
    version: change.version,
    run: change.run,
    output: change.output,
    outputs: change.outputs,
    children: change.children,
    nodes: merged(model.nodes, change.nodes, ({ alias }) => alias),
    edges: merged(model.edges, change.edges, ({ label }) => label),
    events: surplus === 0 ? events : events.slice(surplus),
    eventsOmitted: Math.max(change.events_omitted, model.eventsOmitted) + surplus,
  };
}

/** What a node is doing, in one word, also where the host knows nothing of it yet. */
export function nodeState(model: RunModel, alias: string): string {
  const node = model.nodes.get(alias);
  if (node !== undefined) return node.state;
  const isEnded = model.run.duration_ms !== null;
  return isEnded ? 'skipped' : 'pending';
}

function merged<T>(
  known: ReadonlyMap<string, T>,
  changed: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, T> {
  if (changed.length === 0) return known;
  const map = new Map(known);
  for (const item of changed) map.set(keyOf(item), item);
  return map;
}
