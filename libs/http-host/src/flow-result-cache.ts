// The cache of results that all executions of one flow share, whoever watches them.
import { systemClock, systemRng } from '@basalt/capabilities';
import type { Diagnostic } from '@basalt/diagnostics';
import { cacheStoresOf, ResultCache, type ExecPlan } from '@basalt/executor';
import type { CompiledFlow } from './hosted-flow.js';

/** Told about a store that failed or gave damaged bytes. @param flow its name */
export type CacheFaultListener = (flow: string, fault: Diagnostic) => void;

/** A cache for the flow; undefined where none of its nodes has one. Its faults belong to no execution:
 * one that finds nothing in the cache goes on. */
export function flowResultCache(
  { name, plan, capabilities }: CompiledFlow,
  onFault: CacheFaultListener,
): ResultCache | undefined {
  if (!hasCachedNode(plan)) return undefined;
  const { clock = systemClock(), rng = systemRng() } = capabilities;
  const stores = cacheStoresOf(capabilities);
  return new ResultCache({ clock, rng, stores, onFault: (fault) => onFault(name, fault) });
}

function hasCachedNode({ nodes }: ExecPlan): boolean {
  return nodes.some(
    ({ ir, subflow }) =>
      ir.cache !== undefined || (subflow !== undefined && hasCachedNode(subflow)),
  );
}
