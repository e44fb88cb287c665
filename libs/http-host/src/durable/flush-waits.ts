// Makes the begin of each wait of a journaled run durable when it begins, and not with the next result:
// others can see what the run waits for, and a crash does not make the wait begin again.
import type { RunObserver } from '@basalt/executor';
import type { CompiledFlow } from '../hosted-flow.js';
import type { RunHub } from '../run-hub.js';
import { checkpointsOf } from '../run-control/awaited-checkpoints.js';

/** For a host with a journal. */
export function flushWaits(runs: RunHub, flows: readonly CompiledFlow[]): void {
  const awaiting = new Set(flows.filter(({ ir }) => checkpointsOf(ir).length > 0));
  if (awaiting.size === 0) return;
  runs.onRun(({ id, flow }): RunObserver | undefined => {
    if (!awaiting.has(flow)) return undefined;
    // The observer is told before the record is written. What fails is in the result of the run.
    const flush = () => void runs.find(id)?.run.flushed();
    return { waiting: () => void setImmediate(flush) };
  });
}
