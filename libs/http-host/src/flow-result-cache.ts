// The cache of results that all executions of one flow share, whoever watches them.
import { systemClock, systemRng } from '@basalt/capabilities';
import { ResultCache, type ExecPlan } from '@basalt/executor';
import type { CompiledFlow } from './hosted-flow.js';

/** A cache for the flow; undefined where none of its nodes has one. */
export function flowResultCache({ plan, capabilities }: CompiledFlow): ResultCache | undefined {
  if (!hasCachedNode(plan)) return undefined;
  const { cache, clock = systemClock(), rng = systemRng() } = capabilities;
  const stores = cache === undefined ? {} : { disk: cache, redis: cache };
  return new ResultCache({ clock, rng, stores });
}

function hasCachedNode({ nodes }: ExecPlan): boolean {
  return nodes.some(
    ({ ir, subflow }) =>
      ir.cache !== undefined || (subflow !== undefined && hasCachedNode(subflow)),
  );
}
