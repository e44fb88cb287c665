// What a surface refers to: the nodes that its configuration names and the edges that it needs.
import { awaitEnds } from './edge-gates.js';
import type { IndexedSurface } from './flow-index.js';
import type { PathStep } from './rule.js';

/** A node that a configuration names. */
export interface NamedAlias {
  readonly alias: string;
  /** Path below the surface. */
  readonly path: readonly PathStep[];
}

/** An edge that a surface needs; `path` leads to the part that needs it. */
export interface NeededEdge {
  readonly from: string;
  readonly to: string;
  readonly path: readonly PathStep[];
}

/** Keys that name one node, by kind; `scope.nodes`, `nodes`, `sources` and `cases` name several. */
const SINGLE = {
  if: ['source', 'then', 'else'],
  switch: ['source', 'default'],
  for_each: ['source', 'body_entry', 'body_exit', 'collect'],
  loop: ['source', 'body_entry', 'exit'],
  window: ['target', 'late'],
  partition: [],
  timeout: ['handler'],
  rate_limit: ['target'],
  error_handler: ['handler'],
  join: ['target'],
  merge: ['target'],
  zip: ['target'],
  await: ['source', 'target', 'on_timeout'],
} as const satisfies Record<IndexedSurface['kind'], readonly string[]>;

/** Every node that a configuration names, in the order of its keys; none where it could not be read. */
export function namedAliases(indexed: IndexedSurface): readonly NamedAlias[] {
  if (indexed.config === undefined) return [];
  const config: Readonly<Record<string, unknown>> = indexed.config;
  const single = SINGLE[indexed.kind].flatMap((key): NamedAlias[] => {
    const alias = config[key];
    return typeof alias === 'string' ? [{ alias, path: ['config', key] }] : [];
  });
  return [...single, ...severalAliases(indexed)];
}

function severalAliases(indexed: IndexedSurface): readonly NamedAlias[] {
  if (indexed.config === undefined) return [];
  const listed = (aliases: readonly string[], ...path: PathStep[]): NamedAlias[] =>
    aliases.map((alias, i) => ({ alias, path: ['config', ...path, i] }));
  switch (indexed.kind) {
    case 'switch':
      return Object.entries(indexed.config.cases).map(([value, alias]) => ({
        alias,
        path: ['config', 'cases', value],
      }));
    case 'partition':
      return [
        { alias: indexed.config.edge.from, path: ['config', 'edge', 'from'] },
        { alias: indexed.config.edge.to, path: ['config', 'edge', 'to'] },
      ];
    case 'timeout':
      return listed(indexed.config.nodes, 'nodes');
    case 'error_handler':
      return listed(indexed.config.scope.nodes, 'scope', 'nodes');
    case 'join':
    case 'merge':
    case 'zip':
      return listed(indexed.config.sources, 'sources');
    default:
      return [];
  }
}

/** Every edge that a surface needs; none where its configuration could not be read. */
export function neededEdges(indexed: IndexedSurface): readonly NeededEdge[] {
  if (indexed.config === undefined) return [];
  const need = (from: string, to: string | undefined, ...path: PathStep[]): NeededEdge[] =>
    to === undefined ? [] : [{ from, to, path: ['config', ...path] }];
  switch (indexed.kind) {
    case 'if': {
      const { source, then, else: otherwise } = indexed.config;
      return [...need(source, then, 'then'), ...need(source, otherwise, 'else')];
    }
    case 'switch': {
      const { source, cases, default: fallback } = indexed.config;
      const byCase = Object.entries(cases).flatMap(([value, to]) =>
        need(source, to, 'cases', value),
      );
      return [...byCase, ...need(source, fallback, 'default')];
    }
    case 'for_each': {
      const { source, body_entry, body_exit, collect } = indexed.config;
      const gathering = body_exit ? need(body_exit, collect, 'collect') : [];
      return [...need(source, body_entry, 'body_entry'), ...gathering];
    }
    case 'loop': {
      const { source, body_entry, exit } = indexed.config;
      return [...need(source, body_entry, 'body_entry'), ...need(source, exit, 'exit')];
    }
    case 'window': {
      const target = indexed.config.target ?? indexed.surface.targets[0];
      return target === undefined ? [] : need(target, indexed.config.late, 'late');
    }
    case 'partition':
      return need(indexed.config.edge.from, indexed.config.edge.to, 'edge');
    case 'timeout': {
      const { nodes, handler } = indexed.config;
      return nodes.flatMap((from, i) => need(from, handler, 'nodes', i));
    }
    case 'error_handler': {
      const { scope, handler } = indexed.config;
      return scope.nodes.flatMap((from, i) => need(from, handler, 'scope', 'nodes', i));
    }
    case 'join':
    case 'merge':
    case 'zip': {
      const { sources, target } = indexed.config;
      return sources.flatMap((from, i) => need(from, target, 'sources', i));
    }
    case 'await': {
      const { source, target } = awaitEnds(indexed);
      if (source === undefined) return [];
      return [...need(source, target), ...need(source, indexed.config.on_timeout, 'on_timeout')];
    }
    case 'rate_limit':
      return [];
  }
}
