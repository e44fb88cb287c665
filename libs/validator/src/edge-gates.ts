// Which edges a surface opens and shuts. An edge that no surface names carries every message that
// its source puts out; a gated edge carries some, or none.
import type { EdgeGate, IndexedSurface } from './flow-index.js';

/** from alias -> to alias -> what decides. */
export type EdgeGates = ReadonlyMap<string, ReadonlyMap<string, EdgeGate>>;

interface MutableGate extends EdgeGate {
  readonly branches: string[];
}

/** The gates of all surfaces whose configuration could be read; the first surface wins an edge. */
export function gatesOf(surfaces: readonly IndexedSurface[]): EdgeGates {
  const gates = new Map<string, Map<string, MutableGate>>();
  for (const surface of surfaces) {
    for (const [from, to, branch] of gatedEdges(surface)) {
      const bySource = gates.get(from) ?? new Map<string, MutableGate>();
      gates.set(from, bySource);
      const gate = bySource.get(to);
      if (gate === undefined) bySource.set(to, { surface, branches: [branch] });
      else if (gate.surface === surface) gate.branches.push(branch);
    }
  }
  return gates;
}

type Gated = readonly [from: string, to: string, branch: string];

function gatedEdges(indexed: IndexedSurface): readonly Gated[] {
  if (indexed.config === undefined) return [];
  switch (indexed.kind) {
    case 'if': {
      const { source, then, else: otherwise } = indexed.config;
      return [
        [source, then, 'then'],
        [source, otherwise, 'else'],
      ];
    }
    case 'switch': {
      const { source, cases, default: fallback } = indexed.config;
      const gated = Object.entries(cases).map<Gated>(([value, to]) => [
        source,
        to,
        `case ${value}`,
      ]);
      return fallback ? [...gated, [source, fallback, 'default']] : gated;
    }
    case 'loop': {
      const { source, body_entry, exit } = indexed.config;
      return [
        [source, body_entry, 'repeat'],
        [source, exit, 'exit'],
      ];
    }
    case 'for_each': {
      const { source, body_entry, body_exit, collect } = indexed.config;
      const gated: Gated[] = [[source, body_entry, 'item']];
      if (body_exit && collect) gated.push([body_exit, collect, 'collect']);
      return gated;
    }
    case 'window': {
      const target = indexed.config.target ?? indexed.surface.targets[0];
      const { late } = indexed.config;
      return target && late ? [[target, late, 'late']] : [];
    }
    case 'timeout': {
      const { nodes, handler } = indexed.config;
      return handler ? nodes.map((from) => [from, handler, 'timeout']) : [];
    }
    case 'error_handler': {
      const { scope, handler } = indexed.config;
      return handler ? scope.nodes.map((from) => [from, handler, 'error']) : [];
    }
    case 'await':
      return gatesOfAwait(indexed);
    case 'partition':
    case 'rate_limit':
    case 'join':
    case 'merge':
    case 'zip':
      return [];
  }
}

function gatesOfAwait(indexed: IndexedSurface<'await'>): readonly Gated[] {
  const { source, target } = awaitEnds(indexed);
  const onTimeout = indexed.config?.on_timeout;
  if (source === undefined) return [];
  const gated: Gated[] = [];
  if (target !== undefined) gated.push([source, target, 'event']);
  if (onTimeout !== undefined) gated.push([source, onTimeout, 'timeout']);
  return gated;
}

/** Where an await waits and what it starts: named in its configuration, else its first two targets. */
export function awaitEnds(indexed: IndexedSurface<'await'>): {
  readonly source: string | undefined;
  readonly target: string | undefined;
} {
  const [first, second] = indexed.surface.targets;
  return {
    source: indexed.config?.source ?? first,
    target: indexed.config?.target ?? second,
  };
}
