// Times to live in Redis. The server's clock decides, so that all machines agree on what has ended.
import { expiryAt } from '../capability-arguments.js';

/** A time to live beyond this, about 285 years, is none: the server would refuse it. */
const LONGEST_MS = 9e12;

/** The time to live in whole milliseconds, at least 1; undefined for one without an end.
 * @throws DiagnosticError CAP103 for what is no time to live. */
export function redisTtl(call: string, ttlMs: number | undefined): number | undefined {
  const ms = expiryAt(call, 0, ttlMs);
  return ms > LONGEST_MS ? undefined : Math.ceil(ms);
}
