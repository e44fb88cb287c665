// Says in the log that the store behind a cache of results fails: executions go on without it, so
// nobody would notice but by the time that they take.
import { performance } from 'node:perf_hooks';
import type { HttpHostOptions } from '../host-options.js';
import type { RunHub } from '../run-hub.js';

/** A store that is down fails at every execution: one line in so many milliseconds says it. */
const QUIET_MS = 10_000;

interface Said {
  readonly at: number;
  unsaid: number;
}

/** One line for each flow at a time, with the number of faults since the one before. */
export function logCacheFaults(runs: RunHub, { operations, redactor }: HttpHostOptions): void {
  const log = operations?.log;
  if (log === undefined) return;
  const said = new Map<string, Said>();
  runs.onCacheFault((flow, { code, message }) => {
    const last = said.get(flow);
    const now = performance.now();
    if (last !== undefined && now - last.at < QUIET_MS) {
      last.unsaid += 1;
      return;
    }
    said.set(flow, { at: now, unsaid: 0 });
    const more = last === undefined || last.unsaid === 0 ? {} : { more: last.unsaid };
    log.write('warn', redactor?.redact(message) ?? message, { code, flow, ...more });
  });
}
