// What the host measures of requests, under the names of the 0.1 contract with the prefix `basalt.`.
// Labels hold what the host chose (route patterns, known methods, classes of statuses), never what
// callers write.
import { METRICS, type MetricsSink, type RunObserver } from '@basalt/executor';

/** The names, by what they measure. */
export const HOST_METRICS = {
  requestsTotal: 'basalt.host.http_requests_total',
  requestLatencyMs: 'basalt.host.http_request_latency_ms',
  inflightRequests: 'basalt.host.http_inflight_requests',
  sseClients: 'basalt.host.sse_clients',
  deadlineExceededTotal: 'basalt.host.deadline_exceeded_total',
  inflightRuns: 'basalt.host.inflight_runs',
  queuedRuns: 'basalt.host.queued_runs',
  eventLoopDelayMs: 'basalt.host.event_loop_delay_ms',
} as const;

/** What each metric of the host and of its executions says. */
export const METRIC_HELP: Readonly<Record<string, string>> = {
  [HOST_METRICS.requestsTotal]: 'Requests that were answered',
  [HOST_METRICS.requestLatencyMs]: 'Time from a request to the end of its answer, in milliseconds',
  [HOST_METRICS.inflightRequests]: 'Requests under way',
  [HOST_METRICS.sseClients]: 'Event streams that are being read',
  [HOST_METRICS.deadlineExceededTotal]: 'Executions that ran out of time',
  [HOST_METRICS.inflightRuns]: 'Executions under way',
  [HOST_METRICS.queuedRuns]: 'Executions that wait for a place',
  [HOST_METRICS.eventLoopDelayMs]: 'How late the event loop is, in milliseconds',
  [METRICS.activeNodes]: 'Nodes that are running',
  [METRICS.queueDepth]: 'Messages on an edge',
  [METRICS.nodeLatencyMs]: 'Time of one attempt of a node, in milliseconds',
  [METRICS.nodeErrorsTotal]: 'Attempts that failed',
  [METRICS.cancellationsTotal]: 'Executions that ended early, by the code of the finding',
  [METRICS.captureBackpressureMs]: 'Time that an output waited for its reader, in milliseconds',
  [METRICS.streamClientsTotal]: 'Executions whose outputs were read as a stream',
};

const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of its route; undefined where there is none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly ms: number;
}

export class HostMetrics {
  readonly #sink: MetricsSink;
  readonly #labels = new Map<string, { readonly [name: string]: string }>();
  #inflight = 0;
  #streams = 0;

  constructor(sink: MetricsSink) {
    this.#sink = sink;
    sink.gauge(HOST_METRICS.inflightRequests, 0, {});
    sink.gauge(HOST_METRICS.sseClients, 0, {});
    sink.counter(HOST_METRICS.deadlineExceededTotal, 0, {});
  }

  requestBegan(): void {
    this.#inflight += 1;
    this.#sink.gauge(HOST_METRICS.inflightRequests, this.#inflight, {});
  }

  requestEnded({ method, route, status, ms }: AnsweredRequest): void {
    this.#inflight -= 1;
    this.#sink.gauge(HOST_METRICS.inflightRequests, this.#inflight, {});
    const labels = this.#labelsOf(method, route, status);
    this.#sink.counter(HOST_METRICS.requestsTotal, 1, labels);
    this.#sink.histogram(HOST_METRICS.requestLatencyMs, ms, labels);
  }

  streamBegan(): void {
    this.#streams += 1;
    this.#sink.gauge(HOST_METRICS.sseClients, this.#streams, {});
  }

  streamEnded(): void {
    this.#streams -= 1;
    this.#sink.gauge(HOST_METRICS.sseClients, this.#streams, {});
  }

  /** Counts the executions that ran out of time. */
  readonly observer: RunObserver = {
    runEnded: (run, _status, _output, cause) => {
      const isWhole = run.parentId === undefined;
      if (isWhole && cause?.code === 'TIME015') {
        this.#sink.counter(HOST_METRICS.deadlineExceededTotal, 1, {});
      }
    },
  };

  #labelsOf(method: string, route: string | undefined, status: number) {
    const known = METHODS.has(method) ? method : 'other';
    const status_class = status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : 'none';
    const key = `${known} ${status_class} ${route ?? ''}`;
    let labels = this.#labels.get(key);
    if (labels === undefined) {
      labels = { method: known, route: route ?? 'none', status_class };
      this.#labels.set(key, labels);
    }
    return labels;
  }
}
