// The cache of results that an execution uses: one a host, so that executions share it; one of its own
// where it must not depend on what was executed before.
import type { FlowRun } from './flow-run.js';
import { ResultCache } from '../recovery/result-cache.js';

const byHost = new WeakMap<object, ResultCache>();

export function cacheOf(run: FlowRun): ResultCache {
  if (run.host.resultCache !== undefined) return run.host.resultCache;
  const owner = run.host.deterministic === undefined ? run.host : run.sources;
  let cache = byHost.get(owner);
  if (cache === undefined) {
    const store = run.host.capabilities?.cache;
    const stores = store === undefined ? {} : { disk: store, redis: store };
    cache = new ResultCache({
      clock: run.clock,
      rng: run.rng,
      stores,
      onFault: (fault) => run.ending.note(fault),
    });
    byHost.set(owner, cache);
  }
  return cache;
}
