// Random flows for property tests: layered graphs with fan-out and fan-in, nodes that answer at once,
// later, or with several values, and edges of every kind of order. What has to come out follows from
// the shape alone, and is worked out here without any executor.
import { flowId, nodeId, type FlowInput, type NodeInput } from '@basalt/ir';
import fc from 'fast-check';
import type { NodeContext, NodeHandler } from '../src/node-handler.js';

export type Behaviour = 'sync' | 'async' | 'emit' | 'stream';

export interface RandomNode {
  readonly alias: string;
  readonly behaviour: Behaviour;
  /** Values per message of emit and stream nodes; the others give one. */
  readonly copies: number;
  /** Longest wait per message, in milliseconds of the execution's clock. */
  readonly delayMs: number;
  readonly max: number;
}

export interface RandomEdge {
  readonly from: string;
  readonly to: string;
  readonly capacity: number;
  readonly ordered: boolean;
  readonly partitioned: boolean;
}

/** The first node streams `items` messages; the last one takes what reaches the end. */
export interface RandomFlow {
  readonly items: number;
  readonly nodes: readonly RandomNode[];
  readonly edges: readonly RandomEdge[];
}

/** What travels: `path` is unique to each message. */
export type Hop = {
  readonly id: number;
  /** Partition key. */
  readonly key: number;
  /** Alias of the node that put it out. */
  readonly from: string;
  readonly path: string;
};

export const SOURCE = 'source';
export const SINK = 'sink';

/** More messages than this make a run slow without making it telling. */
const MAX_MESSAGES = 600;

const nodeShape = fc.record({
  behaviour: fc.constantFrom<Behaviour>('sync', 'async', 'emit', 'stream'),
  copies: fc.nat({ max: 3 }),
  delayMs: fc.nat({ max: 4 }),
  max: fc.integer({ min: 1, max: 3 }),
});

const edgeShape = fc.record({
  capacity: fc.integer({ min: 1, max: 4 }),
  ordered: fc.boolean(),
  partitioned: fc.boolean(),
});

const layers = fc.array(fc.array(nodeShape, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});

/** Graphs in which every node can be reached and leads to the end. */
export const randomFlow: fc.Arbitrary<RandomFlow> = fc
  .record({
    items: fc.integer({ min: 1, max: 12 }),
    layers,
    // Picks of edges, taken in turn; the generator runs dry only in a graph without edges.
    picks: fc.array(fc.record({ edge: edgeShape, more: fc.nat({ max: 3 }) }), {
      minLength: 12,
      maxLength: 12,
    }),
    sourceDelay: fc.nat({ max: 2 }),
  })
  .map(assemble)
  .filter((flow) => expectedPaths(flow).length <= MAX_MESSAGES);

function assemble({
  items,
  layers: shapes,
  picks,
  sourceDelay,
}: {
  items: number;
  layers: Omit<RandomNode, 'alias'>[][];
  picks: { edge: Omit<RandomEdge, 'from' | 'to'>; more: number }[];
  sourceDelay: number;
}): RandomFlow {
  const source: RandomNode = {
    alias: SOURCE,
    behaviour: 'stream',
    copies: items,
    delayMs: sourceDelay,
    max: 1,
  };
  const sink: RandomNode = { alias: SINK, behaviour: 'sync', copies: 1, delayMs: 0, max: 1 };
  const rows = [
    [source],
    ...shapes.map((row, l) => row.map((shape, i) => ({ ...shape, alias: `n${l}${'abc'[i]}` }))),
    [sink],
  ];
  const edges: RandomEdge[] = [];
  let at = 0;
  const pick = () => picks[at++ % picks.length]!;
  const connect = (from: string, to: string) => {
    if (edges.some((edge) => edge.from === from && edge.to === to)) return;
    edges.push({ from, to, ...pick().edge });
  };
  for (let l = 1; l < rows.length; l += 1) {
    const before = rows[l - 1]!;
    // Each node has a way in, and each node above a way on; some have more.
    rows[l]!.forEach((node, i) => connect(before[i % before.length]!.alias, node.alias));
    before.forEach((node, i) => connect(node.alias, rows[l]![i % rows[l]!.length]!.alias));
    const { more } = pick();
    if (more > 0) connect(before.at(-1)!.alias, rows[l]![0]!.alias);
    if (more > 1 && l > 1) connect(rows[l - 2]!.at(-1)!.alias, rows[l]!.at(-1)!.alias);
  }
  return { items, nodes: rows.flat(), edges };
}

/** How many values a node gives for one message. */
export function copiesOf(node: RandomNode): number {
  return node.behaviour === 'sync' || node.behaviour === 'async' ? 1 : node.copies;
}

/** The path of every message that has to reach the end, sorted. Those for which `drops` holds end at
 * the node that they reach. */
export function expectedPaths(
  flow: RandomFlow,
  drops: (alias: string, path: string) => boolean = () => false,
): string[] {
  const out: string[] = [];
  const byAlias = new Map(flow.nodes.map((node) => [node.alias, node]));
  const visit = (alias: string, path: string) => {
    if (out.length > MAX_MESSAGES) return;
    if (alias === SINK) {
      out.push(path);
      return;
    }
    if (drops(alias, path)) return;
    const node = byAlias.get(alias)!;
    for (let copy = 0; copy < copiesOf(node); copy += 1) {
      for (const edge of flow.edges.filter(({ from }) => from === alias)) {
        visit(edge.to, `${path}/${alias}.${copy}>${edge.to}`);
      }
    }
  };
  visit(SOURCE, '');
  return out.sort();
}

/** The document; `more` adds to each of its nodes. */
export function documentOf(
  flow: RandomFlow,
  more: (node: RandomNode) => Partial<NodeInput> = () => ({}),
): FlowInput & { nodes: NodeInput[] } {
  const name = 'random';
  const id = flowId(name, '1.0.0');
  return {
    id,
    name,
    version: '1.0.0',
    nodes: flow.nodes.map((node): NodeInput => ({
      ...nodeInput(id, node.alias),
      kind: node.alias === SOURCE ? 'trigger' : 'inline',
      concurrency: { max: node.max },
      ...more(node),
    })),
    edges: flow.edges.map(({ from, to, capacity, ordered, partitioned }) => ({
      from,
      to,
      delivery: 'at_least_once',
      ordering: ordered ? 'ordered' : 'unordered',
      buffer: { max_items: capacity },
      ...(partitioned ? { partition_key: '/key' } : {}),
    })),
  };
}

/** A plain node of the document with this id. */
export function nodeInput(flow: string, alias: string): NodeInput {
  return {
    id: nodeId(flow, alias),
    alias,
    identifier: alias,
    name: alias,
    kind: 'inline',
    in_schema: { kind: 'opaque' },
    out_schema: { kind: 'opaque' },
    effects: 'pure',
    determinism: 'strict',
  };
}

/** A number in [0, bound) that depends on the text only. */
export function hashOf(text: string, bound: number): number {
  let hash = 7;
  for (const char of text) hash = (hash * 31 + char.charCodeAt(0)) % 65_521;
  return hash % bound;
}

/** The handlers by identifier. A handler adds to the path which of its copies this is; the edge is
 * added by whoever reads it, since every edge gets the same value. */
export function handlersOf(flow: RandomFlow): Map<string, NodeHandler> {
  return new Map(flow.nodes.map((node) => [node.alias, handlerOf(node)]));
}

function handlerOf(node: RandomNode): NodeHandler {
  const { alias, behaviour } = node;
  if (alias === SINK) return (hop: Hop) => hop;
  const pause = (context: NodeContext, path: string) =>
    context.clock.sleep(hashOf(alias + path, node.delayMs + 1), context.signal);
  const copy = (hop: Hop | null, index: number): Hop => ({
    id: hop?.id ?? index,
    key: (hop?.id ?? index) % 3,
    from: alias,
    path: `${hop === null ? '' : `${hop.path}>${alias}`}/${alias}.${index}`,
  });
  switch (behaviour) {
    case 'sync':
      return (hop: Hop) => copy(hop, 0);
    case 'async':
      return async (hop: Hop, context) => {
        await pause(context, hop.path);
        return copy(hop, 0);
      };
    case 'emit':
      return async (hop: Hop, context) => {
        for (let index = 0; index < node.copies; index += 1) {
          await context.emit(copy(hop, index));
          await pause(context, hop.path);
        }
      };
    case 'stream':
      return async function* (hop: Hop | null, context) {
        for (let index = 0; index < node.copies; index += 1) {
          await pause(context, hop?.path ?? '');
          yield copy(hop, index);
        }
      };
  }
}
