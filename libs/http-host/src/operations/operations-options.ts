// What whoever runs a host decides about watching it.
import type { Log } from '@basalt/capabilities';

export interface OperationsOptions {
  /** Gets what happens to the host, and one line for each request that was answered; none when absent. */
  readonly log?: Log;
  /** Whether requests are logged. Default true. */
  readonly logRequests?: boolean;
  /** Whether executions and requests are counted for Prometheus, at /metrics. Default true. */
  readonly metrics?: boolean;
  /** Most different values of a metric label; the rest is counted as `other`. Default 1000. */
  readonly maxLabelValues?: number;
  /** Whether executions become OpenTelemetry spans, where an SDK is registered. Default true. */
  readonly tracing?: boolean;
  /** New executions are refused while the event loop is later than this, in milliseconds; 0: never.
   * Default 500. */
  readonly maxEventLoopDelayMs?: number;
  /** Title and version of the OpenAPI document. */
  readonly title?: string;
  readonly version?: string;
}
