// When each node of a flow gets a message: from the trigger along the edges, through the branches,
// bodies and handlers of surfaces. Linear in the size of the flow.
import { ALWAYS, and, NEVER, or, type Choice, type Condition, type Taken } from './condition.js';
import type { FlowIndex, IndexedEdge, IndexedNode, IndexedSurface } from './flow-index.js';

export interface Activation {
  /** When a node gets at least one message. */
  ofNode(node: IndexedNode): Condition;
  /** When a message travels along an edge. */
  ofEdge(edge: IndexedEdge): Condition;
}

/** Undefined for a flow with a cycle, in which no node comes first. */
export function activationOf(index: FlowIndex): Activation | undefined {
  if (index.topological === undefined) return undefined;
  const activation = new ActivationOfFlow(index);
  return activation;
}

class ActivationOfFlow implements Activation {
  readonly #index: FlowIndex;
  readonly #nodes = new Map<IndexedNode, Condition>();
  readonly #choices = new Map<unknown, Choice>();
  /** What must not have happened in a node for its ordinary edges to carry its output. */
  readonly #succeeds = new Map<string, Taken[]>();

  constructor(index: FlowIndex) {
    this.#index = index;
    for (const surface of index.surfaces) this.#addFailures(surface);
    const start: Choice = { id: 0, ways: index.triggers.map(({ node }) => node.alias) };
    for (const node of index.topological!) {
      const arrivals: Condition[] = node.node.kind === 'trigger' ? [startsAt(node, start)] : [];
      for (const edge of node.incoming) {
        if (!index.isLoopBack(edge)) arrivals.push(this.ofEdge(edge));
      }
      this.#nodes.set(node, arrivals.length === 1 ? arrivals[0]! : or(arrivals));
    }
  }

  ofNode(node: IndexedNode): Condition {
    return this.#nodes.get(node) ?? NEVER;
  }

  ofEdge(edge: IndexedEdge): Condition {
    if (edge.from === undefined) return NEVER;
    const kept = this.#mayDrop(edge);
    const sent = this.#sent(edge, edge.from);
    return kept === undefined ? sent : and(sent, kept);
  }

  #sent(edge: IndexedEdge, from: IndexedNode): Condition {
    const { gate } = edge;
    const received = this.ofNode(from);
    if (gate?.surface.kind === 'error_handler' || gate?.surface.kind === 'timeout') {
      const way = gate.surface.kind === 'timeout' ? 'timeout' : 'error';
      return and(received, this.#failure(gate.surface, from.node.alias, way));
    }
    const succeeds = this.#succeeds.get(from.node.alias);
    const sent = succeeds === undefined ? received : succeeds.reduce(and, received);
    if (gate === undefined) return sent;
    const { surface, branches } = gate;
    switch (surface.kind) {
      case 'if':
      case 'switch': {
        const choice = this.#choice(surface, waysOf(surface));
        return or(branches.map((way) => and(sent, routed(surface, choice, way))));
      }
      case 'for_each':
        return branches.includes('collect') ? this.#gathered(surface) : this.#item(surface, sent);
      case 'window':
        return and(sent, this.#late(surface));
      case 'await':
        return surface.config?.on_timeout === undefined
          ? sent
          : or(branches.map((way) => and(sent, this.#awaited(surface, way))));
      default:
        return sent;
    }
  }

  /** A collected list is sent once for each input of the for_each, however many items it has. */
  #gathered({ config }: IndexedSurface<'for_each'>): Condition {
    const source = config && this.#index.node(config.source);
    return source === undefined ? NEVER : this.ofNode(source);
  }

  #item(surface: IndexedSurface<'for_each'>, sent: Condition): Condition {
    const text = `${surface.surface.id} has an item`;
    return and(sent, { choice: this.#choice(surface, undefined), way: 'item', text });
  }

  #late(surface: IndexedSurface<'window'>): Taken {
    const text = `an item is late for ${surface.surface.id}`;
    return { choice: this.#choice(surface, undefined), way: 'late', text };
  }

  #awaited(surface: IndexedSurface<'await'>, way: string): Taken {
    const { id } = surface.surface;
    const text = way === 'event' ? `${id} gets its event` : `${id} times out`;
    return { choice: this.#choice(surface, ['event', 'timeout']), way, text };
  }

  #mayDrop({ edge, position }: IndexedEdge): Taken | undefined {
    if (!edge.buffer.on_drop?.startsWith('drop_')) return undefined;
    const text = `the edge ${edge.from} -> ${edge.to} drops nothing`;
    return { choice: this.#choice(`edge ${position}`, undefined), way: 'kept', text };
  }

  #addFailures(surface: IndexedSurface): void {
    if (surface.config === undefined) return;
    let nodes: readonly string[] = [];
    if (surface.kind === 'timeout' && surface.config.handler) nodes = surface.config.nodes;
    if (surface.kind === 'error_handler' && survives(surface)) nodes = surface.config.scope.nodes;
    for (const alias of nodes) {
      const taken = this.#failure(surface, alias, 'ok');
      const before = this.#succeeds.get(alias);
      if (before === undefined) this.#succeeds.set(alias, [taken]);
      else before.push(taken);
    }
  }

  #failure(surface: IndexedSurface, alias: string, way: 'ok' | 'error' | 'timeout'): Taken {
    const failed = surface.kind === 'timeout' ? 'timeout' : 'error';
    const handled = surface.config !== undefined && 'handler' in surface.config;
    const ways = handled ? ['ok', failed] : undefined;
    const choice = this.#choice(`${surface.position} ${alias}`, ways);
    const words = { ok: 'succeeds', error: 'fails', timeout: 'times out' };
    return { choice, way, text: `${alias} ${words[way]}` };
  }

  #choice(key: unknown, ways: readonly string[] | undefined): Choice {
    const known = this.#choices.get(key);
    if (known !== undefined) return known;
    const choice = { id: this.#choices.size + 1, ways };
    this.#choices.set(key, choice);
    return choice;
  }
}

function startsAt({ node, duplicateOf }: IndexedNode, start: Choice): Condition {
  if (duplicateOf !== undefined) return NEVER;
  if (start.ways!.length === 1) return ALWAYS;
  const text = `the execution starts at ${node.alias}`;
  return and(ALWAYS, { choice: start, way: node.alias, text });
}

/** True where a node may fail and the execution goes on. */
function survives({ config }: IndexedSurface<'error_handler'>): boolean {
  return config?.strategy === 'continue' || config?.handler !== undefined;
}

function routed(surface: IndexedSurface, choice: Choice, way: string): Taken {
  return { choice, way, text: `${surface.surface.id} takes ${way}` };
}

function waysOf(surface: IndexedSurface<'if' | 'switch'>): readonly string[] {
  if (surface.kind === 'if') return ['then', 'else'];
  // Without a default, no match fails the execution, so the cases are all ways in which it goes on.
  const cases = Object.keys(surface.config?.cases ?? {}).map((value) => `case ${value}`);
  return surface.config?.default === undefined ? cases : [...cases, 'default'];
}

/** True where a node stands in the body of the for_each, so that it runs once for each item. */
export function isInBody(condition: Condition, id: string): boolean {
  if (condition === 'unknown' || condition.length === 0) return false;
  return condition.every((term) => term.some(({ text }) => text === `${id} has an item`));
}
