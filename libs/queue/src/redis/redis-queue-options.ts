// What a queue in Redis is opened with.
import type { Diagnostic } from '@basalt/diagnostics';

/** Options of `openRedisQueue`. */
export interface RedisQueueOptions {
  /** Name of the queue. */
  readonly queue: string;
  /** Such as `redis://127.0.0.1:6379/0`, or `rediss://...` with TLS. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Largest job, in bytes of its record; 1 MiB when absent. */
  readonly maxJobBytes?: number | undefined;
  /** How long a call may take, reconnecting included, in milliseconds; 5 000 when absent. */
  readonly timeoutMs?: number | undefined;
  /** How long a job that is done stays known by its id, in milliseconds; 300 000 when absent. No more
   * than `keepDone` are kept, and what a worker has done in the last half second. */
  readonly keepDoneMs?: number | undefined;
  /** 10 000 when absent. */
  readonly keepDone?: number | undefined;
  /** Told of what no caller waits for: lost connections of workers, content that was lost. */
  readonly onFault?: ((fault: Diagnostic) => void) | undefined;
}
