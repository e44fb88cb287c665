// The cache of results that an execution uses: one a host, so that executions share it; one of its own
// where it must not depend on what was executed before.
import type { FlowRun } from './flow-run.js';
import { cacheStoresOf, ResultCache, type FaultListener } from '../recovery/result-cache.js';

const byHost = new WeakMap<object, ResultCache>();

/** What the results of a run are cached in. */
export function cacheOf(run: FlowRun): ResultCache {
  if (run.host.resultCache !== undefined) return run.host.resultCache;
  const owner = run.host.deterministic === undefined ? run.host : run.sources;
  let cache = byHost.get(owner);
  if (cache === undefined) {
    const stores = cacheStoresOf(run.host.capabilities);
    cache = new ResultCache({ clock: run.clock, rng: run.rng, stores });
    byHost.set(owner, cache);
  }
  return cache;
}

/** Who is told about faults of the cache: the host where the cache is its own, else the run that met
 * them. */
export function cacheFaultsOf(run: FlowRun): FaultListener | undefined {
  return run.host.resultCache === undefined ? (fault) => run.ending.note(fault) : undefined;
}
