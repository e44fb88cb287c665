// The flow as a graph, built once in O(nodes + edges) and shared by every rule. Lookups go through
// Map, so an alias such as "__proto__" is an alias like any other.
import type { ControlSurfaceIR, EdgeIR, FlowIR, NodeIR, SurfaceKind } from '@basalt/ir';
import { gatesOf } from './edge-gates.js';
import { cyclicComponents } from './strong-components.js';
import {
  parseSurfaceConfig,
  type ConfigProblem,
  type SurfaceConfig,
} from './surface-config-parser.js';

export interface IndexedNode {
  readonly node: NodeIR;
  /** Index in `nodes` of the flow. */
  readonly position: number;
  /** The first node of the same alias, where this is a later one; such a node has no edges here. */
  readonly duplicateOf: IndexedNode | undefined;
  readonly incoming: readonly IndexedEdge[];
  readonly outgoing: readonly IndexedEdge[];
}

export interface IndexedEdge {
  readonly edge: EdgeIR;
  /** Index in `edges` of the flow. */
  readonly position: number;
  readonly from: IndexedNode | undefined;
  readonly to: IndexedNode | undefined;
  /** The first edge between the same nodes, where this is a later one. */
  readonly duplicateOf: IndexedEdge | undefined;
  /** The first surface that decides whether a message takes this edge; undefined: every one does. */
  readonly gate: EdgeGate | undefined;
}

export interface EdgeGate {
  readonly surface: IndexedSurface;
  /** What leads here, such as `then`, `case eu` or `error`; several cases may lead to one node. */
  readonly branches: readonly string[];
}

/** One surface with its parsed configuration; discriminated on `kind`. */
export type IndexedSurface<K extends SurfaceKind = SurfaceKind> = {
  [Kind in K]: {
    readonly kind: Kind;
    readonly surface: ControlSurfaceIR;
    /** Index in `control_surfaces` of the flow. */
    readonly position: number;
    /** Undefined where it does not fit its shape; then `problems` says why. */
    readonly config: SurfaceConfig<Kind> | undefined;
    readonly problems: readonly ConfigProblem[];
  };
}[K];

export interface FlowIndex {
  /** Every node, in document order: `nodes[i].position === i`. */
  readonly nodes: readonly IndexedNode[];
  readonly edges: readonly IndexedEdge[];
  readonly surfaces: readonly IndexedSurface[];
  /** Nodes of kind trigger with an alias of their own. */
  readonly triggers: readonly IndexedNode[];
  node(alias: string): IndexedNode | undefined;
  /** The first edge between two aliases. */
  edge(from: string, to: string): IndexedEdge | undefined;
  surfacesOf<K extends SurfaceKind>(kind: K): readonly IndexedSurface<K>[];
  /** True for an edge that a loop surface declares as its way back. */
  isLoopBack(edge: IndexedEdge): boolean;
  /** What can be reached from the starts along edges, the starts included. O(V + E). */
  reach(starts: Iterable<IndexedNode>, options?: ReachOptions): ReachedNodes;
  /**
   * Whether a search from `start` meets a node that `found` accepts; undefined where the searches of
   * this flow have together used up their budget, which keeps many searches linear in all.
   */
  search(
    start: IndexedNode,
    found: (node: IndexedNode) => boolean,
    options?: ReachOptions,
  ): boolean | undefined;
  /** `reach` of all triggers, computed once. */
  readonly reachable: ReachedNodes;
  /** Groups of nodes on common cycles, loop backs left out; computed once. */
  readonly cycles: readonly (readonly IndexedNode[])[];
  /** Every node after all nodes that lead to it, loop backs left out; undefined where there is a cycle. */
  readonly topological: readonly IndexedNode[] | undefined;
  /** Nodes, edges and surfaces looked at so far, for tests of linear cost. */
  readonly steps: number;
}

export interface ReachOptions {
  /** Against the direction of the edges. */
  readonly backward?: boolean;
  /** Edges to follow; all when absent. */
  readonly follow?: (edge: IndexedEdge) => boolean;
}

/** A set of nodes of one flow. */
export interface ReachedNodes {
  readonly size: number;
  has(node: IndexedNode): boolean;
}

interface MutableNode extends IndexedNode {
  readonly incoming: IndexedEdge[];
  readonly outgoing: IndexedEdge[];
}

/** Outgoing edges that are faster to scan than to look up. */
const SCANNED_EDGES = 8;
/** Searches of one flow may look at this many edges for each node and edge, and for free. */
const SEARCH_FACTOR = 16;
const SEARCH_FREE = 100_000;

/** Builds the index; never throws, whatever the names and numbers in the flow. */
export function buildFlowIndex(flow: FlowIR): FlowIndex {
  return new IndexOfFlow(flow);
}

class IndexOfFlow implements FlowIndex {
  readonly nodes: readonly MutableNode[];
  readonly edges: readonly IndexedEdge[];
  readonly surfaces: readonly IndexedSurface[];
  readonly triggers: readonly IndexedNode[];
  steps = 0;
  readonly #byAlias = new Map<string, MutableNode>();
  /** First edge by target, for nodes with many outgoing edges; the others are scanned. */
  readonly #wide = new Map<IndexedNode, Map<IndexedNode, IndexedEdge>>();
  readonly #byKind = new Map<SurfaceKind, IndexedSurface[]>();
  readonly #loopBacks = new Set<IndexedEdge>();
  /** Number of the last search that saw a node, by position. */
  readonly #stamps: Int32Array;
  #searches = 0;
  #budget: number;
  #reachable: ReachedNodes | undefined;
  #sorted = false;
  #topological: readonly IndexedNode[] | undefined;
  #cycles: readonly (readonly IndexedNode[])[] | undefined;

  constructor(flow: FlowIR) {
    this.nodes = flow.nodes.map((node, position) => this.#addNode(node, position));
    this.triggers = this.nodes.filter((n) => n.node.kind === 'trigger' && !n.duplicateOf);
    this.surfaces = flow.control_surfaces.map((s, position) => this.#addSurface(s, position));
    const gates = gatesOf(this.surfaces);
    this.edges = flow.edges.map((edge, position) =>
      this.#addEdge(edge, position, gates.get(edge.from)?.get(edge.to)),
    );
    this.#stamps = new Int32Array(this.nodes.length);
    this.#budget = SEARCH_FACTOR * (this.nodes.length + this.edges.length) + SEARCH_FREE;
    for (const loop of this.surfacesOf('loop')) {
      const back = this.#wayBack(loop);
      if (back !== undefined) this.#loopBacks.add(back);
    }
  }

  /** Also of a loop that cannot be read for another reason, so that it is not called a cycle as well. */
  #wayBack({ surface, config }: IndexedSurface<'loop'>): IndexedEdge | undefined {
    const declared = config ?? surface.config;
    if (typeof declared !== 'object' || declared === null) return undefined;
    const { source, body_entry } = declared as Readonly<Record<string, unknown>>;
    if (typeof source !== 'string' || typeof body_entry !== 'string') return undefined;
    return this.edge(source, body_entry);
  }

  #addNode(node: NodeIR, position: number): MutableNode {
    this.steps += 1;
    const duplicateOf = this.#byAlias.get(node.alias);
    const indexed = { node, position, duplicateOf, incoming: [], outgoing: [] };
    if (duplicateOf === undefined) this.#byAlias.set(node.alias, indexed);
    return indexed;
  }

  #addSurface(surface: ControlSurfaceIR, position: number): IndexedSurface {
    this.steps += 1;
    const { kind } = surface;
    const parsed = parseSurfaceConfig(kind, surface.config);
    const indexed = { kind, surface, position, ...parsed } as IndexedSurface;
    const ofKind = this.#byKind.get(kind);
    if (ofKind === undefined) this.#byKind.set(kind, [indexed]);
    else ofKind.push(indexed);
    return indexed;
  }

  #addEdge(edge: EdgeIR, position: number, gate: EdgeGate | undefined): IndexedEdge {
    this.steps += 1;
    const from = this.#byAlias.get(edge.from);
    const to = this.#byAlias.get(edge.to);
    const duplicateOf = from && to && this.#between(from, to);
    const indexed: IndexedEdge = { edge, position, from, to, duplicateOf, gate };
    to?.incoming.push(indexed);
    if (from !== undefined) this.#addOutgoing(from, indexed);
    return indexed;
  }

  #addOutgoing(from: MutableNode, edge: IndexedEdge): void {
    from.outgoing.push(edge);
    if (from.outgoing.length <= SCANNED_EDGES) return;
    const known = this.#wide.get(from);
    const targets = known ?? new Map<IndexedNode, IndexedEdge>();
    if (known === undefined) this.#wide.set(from, targets);
    for (const each of known === undefined ? from.outgoing : [edge]) {
      if (each.to !== undefined && each.duplicateOf === undefined) targets.set(each.to, each);
    }
  }

  #between(from: IndexedNode, to: IndexedNode): IndexedEdge | undefined {
    if (from.outgoing.length > SCANNED_EDGES) return this.#wide.get(from)!.get(to);
    return from.outgoing.find((edge) => edge.to === to);
  }

  node(alias: string): IndexedNode | undefined {
    return this.#byAlias.get(alias);
  }

  edge(from: string, to: string): IndexedEdge | undefined {
    const [source, target] = [this.#byAlias.get(from), this.#byAlias.get(to)];
    return source && target && this.#between(source, target);
  }

  surfacesOf<K extends SurfaceKind>(kind: K): readonly IndexedSurface<K>[] {
    return (this.#byKind.get(kind) ?? []) as unknown as readonly IndexedSurface<K>[];
  }

  isLoopBack(edge: IndexedEdge): boolean {
    return this.#loopBacks.has(edge);
  }

  reach(starts: Iterable<IndexedNode>, options: ReachOptions = {}): ReachedNodes {
    const seen = new Uint8Array(this.nodes.length);
    const queue: IndexedNode[] = [];
    const visit = (node: IndexedNode | undefined): void => {
      if (node === undefined || seen[node.position] === 1) return;
      seen[node.position] = 1;
      queue.push(node);
    };
    for (const start of starts) visit(start);
    for (let head = 0; head < queue.length; head += 1) {
      const node = queue[head]!;
      for (const edge of options.backward ? node.incoming : node.outgoing) {
        this.steps += 1;
        if (options.follow?.(edge) ?? true) visit(options.backward ? edge.from : edge.to);
      }
    }
    this.steps += queue.length;
    return { size: queue.length, has: (node) => seen[node.position] === 1 };
  }

  search(
    start: IndexedNode,
    found: (node: IndexedNode) => boolean,
    options: ReachOptions = {},
  ): boolean | undefined {
    this.#searches += 1;
    const stamp = this.#searches;
    const queue = [start];
    this.#stamps[start.position] = stamp;
    for (let head = 0; head < queue.length; head += 1) {
      const node = queue[head]!;
      if (found(node)) return true;
      for (const edge of options.backward ? node.incoming : node.outgoing) {
        if (this.#budget <= 0) return undefined;
        this.#budget -= 1;
        this.steps += 1;
        const next = options.backward ? edge.from : edge.to;
        if (next === undefined || this.#stamps[next.position] === stamp) continue;
        if (options.follow?.(edge) === false) continue;
        this.#stamps[next.position] = stamp;
        queue.push(next);
      }
    }
    return false;
  }

  get reachable(): ReachedNodes {
    return (this.#reachable ??= this.reach(this.triggers));
  }

  get cycles(): readonly (readonly IndexedNode[])[] {
    return (this.#cycles ??= this.#findCycles());
  }

  get topological(): readonly IndexedNode[] | undefined {
    if (!this.#sorted) this.#topological = this.#sort();
    this.#sorted = true;
    return this.#topological;
  }

  /** Kahn's algorithm (CACM 5 (11), 1962). */
  #sort(): readonly IndexedNode[] | undefined {
    const waiting = new Int32Array(this.nodes.length);
    for (const edge of this.edges) {
      this.steps += 1;
      if (edge.from && edge.to && !this.#loopBacks.has(edge)) waiting[edge.to.position]! += 1;
    }
    const sorted: IndexedNode[] = this.nodes.filter(({ position }) => waiting[position] === 0);
    for (let head = 0; head < sorted.length; head += 1) {
      for (const edge of sorted[head]!.outgoing) {
        this.steps += 1;
        if (edge.to === undefined || this.#loopBacks.has(edge)) continue;
        waiting[edge.to.position]! -= 1;
        if (waiting[edge.to.position] === 0) sorted.push(edge.to);
      }
    }
    return sorted.length === this.nodes.length ? sorted : undefined;
  }

  #findCycles(): readonly (readonly IndexedNode[])[] {
    const found: IndexedNode[][] = [];
    this.steps += cyclicComponents(
      this.nodes.length,
      (vertex) => this.nodes[vertex]!.outgoing.length,
      (vertex, nth) => {
        const edge = this.nodes[vertex]!.outgoing[nth]!;
        return this.#loopBacks.has(edge) ? undefined : edge.to?.position;
      },
      (members) => found.push(members.map((vertex) => this.nodes[vertex]!)),
    );
    for (const group of found) group.sort((a, b) => a.position - b.position);
    return found.sort((a, b) => a[0]!.position - b[0]!.position);
  }
}
