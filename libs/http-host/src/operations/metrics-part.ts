// Measures the requests and the executions of a host, and answers Prometheus at /metrics.
import { combineObservers, MetricsObserver } from '@basalt/executor';
import { Registry } from 'prom-client';
import type { HostContext, HostPart } from '../host-part.js';
import { onAnswered, routeOf, sentStatus } from './answered-request.js';
import { HOST_METRICS, HostMetrics, METRIC_HELP } from './host-metrics.js';
import { loadOf } from './overload-part.js';
import { PrometheusSink } from './prometheus-sink.js';

/** GET /metrics, open to tokens with the scope `host:metrics`. */
export const metricsPart: HostPart = {
  name: 'metrics',
  reserves: ['/metrics'],
  install(context: HostContext) {
    const { app, runs } = context;
    const { metrics = true, maxLabelValues } = context.options.operations ?? {};
    if (!metrics) return;
    const registry = new Registry();
    const sink = new PrometheusSink(registry, METRIC_HELP);
    const host = new HostMetrics(sink);
    const limit = maxLabelValues === undefined ? {} : { maxLabelValues };
    const executions = new MetricsObserver(sink, limit);
    const observer = combineObservers([executions, host.observer]);
    runs.onRun(() => observer);
    runs.onCacheFault((flow) => host.cacheFailed(flow));
    measureRequests(context, host);
    measureStreams(context, host);
    const config = { access: { kind: 'host', action: 'metrics' } } as const;
    app.get('/metrics', { config }, async (_request, reply) => {
      executions.collect();
      sink.gauge(HOST_METRICS.inflightRuns, {}).set(runs.inFlight);
      sink.gauge(HOST_METRICS.queuedRuns, {}).set(runs.queued);
      sink.gauge(HOST_METRICS.eventLoopDelayMs, {}).set(loadOf(app)?.delayMs ?? 0);
      reply.header('cache-control', 'no-store').type(registry.contentType);
      return registry.metrics();
    });
  },
};

/** Counts the event streams of flows from the first byte to the end of the connection. */
function measureStreams({ app }: HostContext, host: HostMetrics): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.invoked?.respond !== 'stream') return;
    route.onSend = (_request, reply, payload, done) => {
      if (String(reply.getHeader('content-type')).startsWith('text/event-stream')) {
        host.streamBegan();
        reply.raw.once('close', () => host.streamEnded());
      }
      done(null, payload);
    };
  });
}

function measureRequests({ app, direct }: HostContext, host: HostMetrics): void {
  const began = () => host.requestBegan();
  direct.watch((method, route) => host.watchRoute(method, route));
  onAnswered(app, began, (request, reply, ms) => {
    const { method } = request;
    const status = sentStatus(request, reply);
    host.requestEnded({ method, route: routeOf(request), status, ms });
  });
}
