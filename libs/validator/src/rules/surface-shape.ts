// CTRL110, 120, 130 and 140 to 147: the configuration of a surface has its shape and makes sense.
import { diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import type { IndexedSurface } from '../flow-index.js';
import type { Rule } from '../rule.js';
import { surfaceSense } from '../surface-sense.js';

/** The 0.1 contract, section 1, Surface configs; one finding a surface, with all its problems. */
export const surfaceShape: Rule = {
  name: 'surface-shape',
  codes: [
    ...(['CTRL110', 'CTRL120', 'CTRL130', 'CTRL140', 'CTRL141', 'CTRL142', 'CTRL143'] as const),
    ...(['CTRL144', 'CTRL145', 'CTRL146', 'CTRL147'] as const),
  ],
  check({ index, atSurface, report }) {
    for (const indexed of index.surfaces) {
      const problems = [...indexed.problems, ...surfaceSense(indexed)].filter(
        ({ reason }) => !isMissingBound(indexed, reason),
      );
      if (problems.length === 0) continue;
      const problem = problems.map(({ reason }) => reason).join('; ');
      const at = atSurface(indexed, ...(indexed.surface.config === undefined ? [] : ['config']));
      report(finding(indexed, problem, at));
    }
  },
};

/** A loop without a bound has a code of its own, DAG215. */
function isMissingBound(indexed: IndexedSurface, reason: string): boolean {
  return indexed.kind === 'loop' && reason === 'it lacks max_iterations';
}

function finding({ kind, surface }: IndexedSurface, problem: string, at: Location): Diagnostic {
  const params = { surface: surface.id, problem };
  switch (kind) {
    case 'switch':
      return diagnostic.CTRL110(params, at);
    case 'if':
      return diagnostic.CTRL120(params, at);
    case 'partition':
      return diagnostic.CTRL130({ kind, ...params }, at);
    case 'rate_limit':
      return diagnostic.CTRL140(params, at);
    case 'window':
      return diagnostic.CTRL141(params, at);
    case 'loop':
      return diagnostic.CTRL142(params, at);
    case 'await':
      return diagnostic.CTRL143(params, at);
    case 'join':
    case 'merge':
    case 'zip':
      return diagnostic.CTRL144(params, at);
    case 'error_handler':
      return diagnostic.CTRL145(params, at);
    case 'timeout':
      return diagnostic.CTRL146(params, at);
    case 'for_each':
      return diagnostic.CTRL147(params, at);
  }
}
