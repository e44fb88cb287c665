// What every picture of a flow shows: nodes with their notes, edges with their labels. The exports
// to DOT, Mermaid, SVG and text differ only in how they write it.
import type { EdgeIR, Effects, FlowIR, NodeIR, NodeKind } from './flow-ir.js';
import { SurfaceLabels } from './surface-labels.js';

export interface PictureNode {
  readonly alias: string;
  readonly name: string;
  readonly kind: NodeKind;
  readonly effects: Effects;
  readonly determinism: string;
  /** Short facts: route, retries, limits, waits. */
  readonly notes: readonly string[];
}

export interface PictureEdge {
  /** Indices into the nodes. */
  readonly from: number;
  readonly to: number;
  /** When a message takes this edge: routing and grouping. */
  readonly routing: readonly string[];
  /** What differs from an ordinary edge: delivery, ordering, partition, bounds. */
  readonly terms: readonly string[];
  readonly delivery: EdgeIR['delivery'];
}

export interface FlowPicture {
  readonly title: string;
  readonly summary: string;
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/** The picture of a flow. Edges to aliases that do not exist are left out: the flow may be one that
 * is being corrected. Of two nodes with one alias the edges go to the first. */
export function flowPicture(flow: FlowIR): FlowPicture {
  const index = new Map<string, number>();
  flow.nodes.forEach((node, i) => {
    if (!index.has(node.alias)) index.set(node.alias, i);
  });
  const labels = new SurfaceLabels(flow.control_surfaces);
  const edges = flow.edges.flatMap((edge) => {
    const [from, to] = [index.get(edge.from), index.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const routing = labels.ofEdge(edge.from, edge.to);
    return [{ from, to, routing, terms: edgeTerms(edge), delivery: edge.delivery }];
  });
  return {
    title: `${flow.name} ${flow.version}`,
    summary: flow.summary ?? '',
    nodes: flow.nodes.map((node) => pictureNode(node, labels.ofNode(node.alias))),
    edges,
  };
}

function pictureNode(node: NodeIR, surfaceNotes: readonly string[]): PictureNode {
  const { trigger, retry, concurrency } = node;
  const notes = [
    trigger?.route === undefined ? undefined : `${trigger.method ?? 'POST'} ${trigger.route}`,
    trigger?.schedule === undefined ? undefined : `cron ${trigger.schedule}`,
    trigger?.queue === undefined ? undefined : `queue ${trigger.queue}`,
    trigger?.event === undefined ? undefined : `event ${trigger.event}`,
    node.timeout_ms === undefined ? undefined : `timeout ${node.timeout_ms} ms`,
    retry === undefined ? undefined : `${retry.max_attempts} attempts`,
    concurrency === undefined ? undefined : `${concurrency.max} at once`,
    node.compensation === undefined ? undefined : 'can be undone',
    node.cache === undefined ? undefined : 'cached',
    ...surfaceNotes,
  ];
  return {
    alias: node.alias,
    name: node.name === '' ? node.alias : node.name,
    kind: node.kind,
    effects: node.effects,
    determinism: node.determinism,
    notes: notes.filter((note) => note !== undefined),
  };
}

function edgeTerms(edge: EdgeIR): string[] {
  const { buffer } = edge;
  const terms = [
    edge.delivery === 'at_least_once' ? undefined : edge.delivery.replaceAll('_', ' '),
    edge.ordering === 'ordered' ? undefined : edge.ordering,
    edge.partition_key === undefined ? undefined : `by ${edge.partition_key}`,
    buffer.max_items === undefined ? undefined : `holds ${buffer.max_items}`,
    buffer.on_drop === undefined || buffer.on_drop === 'block' ? undefined : buffer.on_drop,
    buffer.spill_tier === undefined ? undefined : `spills to ${buffer.spill_tier}`,
    edge.timeout_ms === undefined ? undefined : `${edge.timeout_ms} ms`,
  ];
  return terms.filter((term) => term !== undefined);
}
