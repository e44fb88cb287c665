// What the host measures of requests, under the names of the 0.1 contract with the prefix `basalt.`.
// Labels hold what the host chose (route patterns, known methods, classes of statuses), never what
// callers write.
import { METRICS, type RunObserver } from '@basalt/executor';
import type { DirectWatch } from '../direct/direct-path.js';
import type { NumberSeries, PrometheusSink, TimeSeries } from './prometheus-sink.js';

/** The names, by what they measure. */
export const HOST_METRICS = {
  requestsTotal: 'basalt.host.http_requests_total',
  requestLatencyMs: 'basalt.host.http_request_latency_ms',
  inflightRequests: 'basalt.host.http_inflight_requests',
  sseClients: 'basalt.host.sse_clients',
  deadlineExceededTotal: 'basalt.host.deadline_exceeded_total',
  cacheFaultsTotal: 'basalt.host.cache_faults_total',
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
  [HOST_METRICS.cacheFaultsTotal]: 'Times that the store behind a cache of results failed',
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

/** What is counted of requests with equal labels. */
interface RequestSeries {
  readonly total: NumberSeries;
  readonly latency: TimeSeries;
}

export class HostMetrics {
  readonly #sink: PrometheusSink;
  readonly #byRoute = new Map<string | undefined, Map<string, RequestSeries>>();
  readonly #inflight: NumberSeries;
  readonly #streams: NumberSeries;
  readonly #deadlines: NumberSeries;

  constructor(sink: PrometheusSink) {
    this.#sink = sink;
    this.#inflight = sink.gauge(HOST_METRICS.inflightRequests, {});
    this.#streams = sink.gauge(HOST_METRICS.sseClients, {});
    this.#deadlines = sink.counter(HOST_METRICS.deadlineExceededTotal, {});
  }

  requestBegan(): void {
    this.#inflight.value += 1;
  }

  requestEnded({ method, route, status, ms }: AnsweredRequest): void {
    this.#count(this.#seriesOf(method, route, status), ms);
  }

  /** The same for one route, whose series are looked up once. */
  watchRoute(method: string, route: string): DirectWatch {
    const byClass: (RequestSeries | undefined)[] = [];
    return {
      began: () => this.requestBegan(),
      ended: (status, ms) => {
        const statusClass = Math.floor(status / 100);
        this.#count((byClass[statusClass] ??= this.#seriesOf(method, route, status)), ms);
      },
    };
  }

  streamBegan(): void {
    this.#streams.value += 1;
  }

  streamEnded(): void {
    this.#streams.value -= 1;
  }

  cacheFailed(flow: string): void {
    this.#sink.counter(HOST_METRICS.cacheFaultsTotal, { flow }).value += 1;
  }

  /** Counts the executions that ran out of time. */
  readonly observer: RunObserver = {
    runEnded: (run, _status, _output, cause) => {
      if (cause?.code === 'TIME015' && run.parentId === undefined) this.#deadlines.value += 1;
    },
  };

  #count({ total, latency }: RequestSeries, ms: number): void {
    this.#inflight.value -= 1;
    total.value += 1;
    latency.observe(ms);
  }

  #seriesOf(method: string, route: string | undefined, status: number): RequestSeries {
    let ofRoute = this.#byRoute.get(route);
    if (ofRoute === undefined) {
      ofRoute = new Map();
      this.#byRoute.set(route, ofRoute);
    }
    const known = METHODS.has(method) ? method : 'other';
    const statusClass = Math.floor(status / 100);
    const key = known + statusClass;
    let series = ofRoute.get(key);
    if (series === undefined) {
      const labels = { method: known, route: route ?? 'none', status_class: `${statusClass}xx` };
      series = {
        total: this.#sink.counter(HOST_METRICS.requestsTotal, labels),
        latency: this.#sink.histogram(HOST_METRICS.requestLatencyMs, labels),
      };
      ofRoute.set(key, series);
    }
    return series;
  }
}
