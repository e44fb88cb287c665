// OpenTelemetry: every execution is a span, every attempt of a node one below it. The trace of a
// request goes on from its header traceparent, and into the HTTP calls of nodes. Where no SDK is
// registered when the host is made, none of this is installed.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { CapabilitySet, HttpClient } from '@basalt/capabilities';
import { context, isSpanContextValid, trace, type Context, type Span } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import type { HostContext, HostPart } from '../host-part.js';
import { RunSpans, startRunSpan } from './run-spans.js';
import { readTraceparent, writeTraceparent } from './trace-context.js';

/** What is known about the trace while a request is handled. */
interface TraceScope {
  readonly parent: Context;
  /** The span of the execution that the request started. */
  run: Span | undefined;
}

const scopes = new AsyncLocalStorage<TraceScope>();

function hasSdk(tracer: Tracer): boolean {
  const probe = tracer.startSpan('basalt.probe', { root: true });
  return isSpanContextValid(probe.spanContext());
}

/** Makes spans of executions. */
export const tracingPart: HostPart = {
  name: 'tracing',
  install({ app, runs, direct, options }: HostContext) {
    if (options.operations?.tracing === false) return;
    const tracer = trace.getTracer('@basalt/http-host');
    if (!hasSdk(tracer)) return;
    direct.forbid();
    app.addHook('preHandler', (request, _reply, done) => {
      const { traceparent, tracestate } = request.headers;
      const text = (header: string | string[] | undefined) =>
        typeof header === 'string' ? header : undefined;
      const remote = readTraceparent(text(traceparent), text(tracestate));
      const active = context.active();
      const parent = remote === undefined ? active : trace.setSpanContext(active, remote);
      scopes.run({ parent, run: undefined }, done);
    });
    runs.onRun((entry) => {
      const scope = scopes.getStore();
      const run = { id: entry.id, flow: entry.flow.name, trigger: entry.trigger };
      const span = startRunSpan(tracer, run, scope?.parent);
      if (scope !== undefined) scope.run = span;
      return span.isRecording() ? new RunSpans(tracer, span) : undefined;
    });
  },
};

/** The same capabilities, whose HTTP calls carry the trace of the execution that makes them. */
export function tracedCapabilities(capabilities: CapabilitySet): CapabilitySet {
  const { httpRead, httpWrite } = capabilities;
  if (httpRead === undefined && httpWrite === undefined) return capabilities;
  return Object.freeze({
    ...capabilities,
    ...(httpRead === undefined ? {} : { httpRead: tracedClient(httpRead) }),
    ...(httpWrite === undefined ? {} : { httpWrite: tracedClient(httpWrite) }),
  });
}

function tracedClient(client: HttpClient): HttpClient {
  return {
    send(request, signal) {
      const span = scopes.getStore()?.run;
      if (span === undefined) return client.send(request, signal);
      const given = request.headers ?? {};
      if (Object.keys(given).some((name) => name.toLowerCase() === 'traceparent')) {
        return client.send(request, signal);
      }
      const spanContext = span.spanContext();
      const tracestate = spanContext.traceState?.serialize();
      const headers = {
        ...given,
        traceparent: writeTraceparent(spanContext),
        ...(tracestate ? { tracestate } : {}),
      };
      return client.send({ ...request, headers }, signal);
    },
  };
}
