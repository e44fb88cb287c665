// CTRL112, CTRL122 and DAG213: one surface decides where the output of a node goes.
import { diagnostic } from '@basalt/diagnostics';
import { awaitEnds } from '../edge-gates.js';
import type { IndexedSurface } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';

/** The 0.1 contract, section 2: CTRL112 and CTRL122; DAG213 for surfaces of different kinds. */
export const oneRouterASource: Rule = {
  name: 'one-router-a-source',
  codes: ['CTRL112', 'CTRL122', 'DAG213'],
  check(context) {
    const routers = new Map<string, IndexedSurface>();
    for (const surface of context.index.surfaces) {
      const source = routedSource(surface);
      if (source === undefined) continue;
      const first = routers.get(source);
      if (first === undefined) routers.set(source, surface);
      else shared(context, first, surface, source);
    }
  },
};

function routedSource(indexed: IndexedSurface): string | undefined {
  switch (indexed.kind) {
    case 'if':
    case 'switch':
    case 'loop':
    case 'for_each':
      return indexed.config?.source;
    case 'await':
      return indexed.config && awaitEnds(indexed).source;
    default:
      return undefined;
  }
}

function shared(
  context: RuleContext,
  first: IndexedSurface,
  second: IndexedSurface,
  source: string,
): void {
  const at = context.atSurface(second, 'config');
  const params = { first: first.surface.id, second: second.surface.id, source };
  const kinds = new Set([first.kind, second.kind]);
  if (kinds.size === 1 && kinds.has('switch')) context.report(diagnostic.CTRL112(params, at));
  else if (kinds.size === 1 && kinds.has('if')) context.report(diagnostic.CTRL122(params, at));
  else context.report(diagnostic.DAG213(params, at));
}
