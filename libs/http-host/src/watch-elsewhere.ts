// Executions that are started elsewhere in this process, such as by a worker of a queue, as parts of the
// host watch their own: in its metrics and in the run viewer.
import {
  combineObservers,
  routedObserver,
  type ObservedRun,
  type RunObserver,
} from '@basalt/executor';
import type { CompiledFlow } from './hosted-flow.js';
import type { RunListener } from './run-hub.js';

/** An observer for those executions. Flows that the host does not have are not watched.
 * @param source such as "queue" */
export function watchElsewhere(
  listeners: readonly RunListener[],
  flows: readonly CompiledFlow[],
  source: string,
): RunObserver {
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  const watched = new Map<string, RunObserver>();
  const begin = (run: ObservedRun): RunObserver | undefined => {
    if (run.parentId !== undefined) return watched.get(run.parentId);
    const flow = byId.get(run.flow);
    if (flow === undefined) return undefined;
    const { id } = run;
    const startedAt = Date.now();
    // A run that is taken up again has the id that it had.
    const known = { trigger: undefined, labels: {}, client: '', source, hasGivenId: true };
    const entry = { id, flow, startedAt, ...known };
    return combineObservers(listeners.flatMap((listener) => listener(entry) ?? []));
  };
  return {
    ...routedObserver((run) => watched.get(run.id)),
    runStarted(run, payload) {
      const observer = begin(run);
      if (observer === undefined) return;
      watched.set(run.id, observer);
      observer.runStarted?.(run, payload);
    },
    runEnded(run, status, output, cause) {
      const observer = watched.get(run.id);
      watched.delete(run.id);
      observer?.runEnded?.(run, status, output, cause);
    },
  };
}
