// DAG320: a rate limit can be kept.
import { diagnostic } from '@basalt/diagnostics';
import type { IndexedNode, IndexedSurface } from '../flow-index.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG320. One limit a node, a burst that a whole batch fits in, and no
 * limit on a trigger, whose callers the flow cannot slow down. */
export const rateLimits: Rule = {
  name: 'rate-limits',
  codes: ['DAG320'],
  check({ index, atSurface, report }) {
    const first = new Map<string, IndexedSurface<'rate_limit'>>();
    for (const indexed of index.surfacesOf('rate_limit')) {
      if (indexed.config === undefined) continue;
      const { target, burst } = indexed.config;
      const refuse = (problem: string, key: string): void => {
        const params = { surface: indexed.surface.id, target, problem };
        report(diagnostic.DAG320(params, atSurface(indexed, 'config', key)));
      };
      const other = first.get(target);
      if (other === undefined) first.set(target, indexed);
      else refuse(`${other.surface.id} limits the same node`, 'target');
      const problem = targetProblem(index.node(target), burst);
      if (problem !== undefined) refuse(problem.reason, problem.key);
    }
  },
};

function targetProblem(
  target: IndexedNode | undefined,
  burst: number,
): { readonly reason: string; readonly key: string } | undefined {
  if (target === undefined) return undefined;
  if (target.node.kind === 'trigger') {
    return { reason: 'nothing can slow a trigger down', key: 'target' };
  }
  const batch = target.node.concurrency?.batch ?? 1;
  if (batch <= burst) return undefined;
  return { reason: `a batch of ${batch} never fits into a burst of ${burst}`, key: 'burst' };
}
