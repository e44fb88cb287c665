// Says in the log which executions a stopping host had to cancel.
import type { Log } from '@basalt/capabilities';
import { diagnostic } from '@basalt/diagnostics';
import type { RunHub } from '../run-hub.js';

const MAX_NAMED = 20;

/** Call it before the drain begins; the function that it returns ends it. */
export function warnOfCut(runs: RunHub, drainMs: number, log: Log | undefined): () => void {
  if (log === undefined) return () => {};
  const timer = setTimeout(() => {
    const count = runs.inFlight;
    if (count === 0) return;
    const { code, message } = diagnostic.HTTP214({ count, drain_ms: drainMs });
    const run_ids = runs
      .active()
      .slice(0, MAX_NAMED)
      .map(({ entry }) => entry.id);
    log.write('warn', message, { code, run_ids });
  }, drainMs);
  return () => clearTimeout(timer);
}
