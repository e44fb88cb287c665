// The host's pipeline: compile the flows, make the server, install its parts, listen.
import { SecretRedactor } from '@basalt/capabilities';
import { createServer } from './create-server.js';
import { DirectPath } from './direct/direct-path.js';
import type { HttpHostOptions } from './host-options.js';
import type { HostContext, HostPart } from './host-part.js';
import { compileHostedFlows, type HostedFlow } from './hosted-flow.js';
import type { RunObserver } from '@basalt/executor';
import type { FastifyInstance } from 'fastify';
import { invocationPart } from './invocation/invocation-part.js';
import { healthPart } from './operations/health-part.js';
import { metricsPart } from './operations/metrics-part.js';
import { openApiPart } from './operations/openapi-part.js';
import { overloadPart } from './operations/overload-part.js';
import { requestLogPart } from './operations/request-log-part.js';
import { tracedCapabilities, tracingPart } from './operations/tracing-part.js';
import { logCacheFaults } from './operations/log-cache-faults.js';
import { warnOfCut } from './operations/warn-of-cut.js';
import { assertMayListen } from './security/may-listen.js';
import { requestGuard } from './security/request-guard.js';
import { watchSecrets } from './security/watch-secrets.js';
import { flushWaits } from './durable/flush-waits.js';
import { resumeRuns, type ResumedRuns } from './durable/resume-runs.js';
import { runUrlPart } from './queueing/run-url-part.js';
import { RunHub, SHUTDOWN_REASON } from './run-hub.js';
import { viewerPart } from './viewer-api/viewer-part.js';

/** Installed in this order: hooks of earlier parts run first. */
const PARTS: readonly HostPart[] = Object.freeze([
  metricsPart,
  requestLogPart,
  requestGuard,
  overloadPart,
  tracingPart,
  healthPart,
  openApiPart,
  invocationPart,
  runUrlPart,
  viewerPart,
]);

const DEFAULT_DRAIN_MS = 10_000;

export interface HttpHost {
  readonly app: FastifyInstance;
  /** Port 0 picks a free one. */
  listen(at: { readonly host: string; readonly port: number }): Promise<ListenAddress>;
  /** Takes up what a crash or a shutdown has left of the runs of its flows: those that were interrupted,
   * and those that wait. Resolves when all of them are under way. Nothing without a journal. */
  resumeRuns(): Promise<ResumedRuns>;
  /** An observer for executions of its flows that are started elsewhere in this process, such as by a
   * worker: metrics and the run viewer show them. @param source such as "queue" */
  observerFor(source: string): RunObserver;
  /** Reads the token file again at once. What is not usable changes nothing and is logged. */
  reload(): void;
  /** Refuses what is new, lets executions end (or cancels them after `drainMs`; with a journal they are
   * interrupted, and go on another time), then closes every connection. May be called twice. */
  close(): Promise<void>;
  /** Cancels every execution at once, lets it clean up, then closes every connection. */
  closeNow(): Promise<void>;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** Makes a host for flows. Nothing listens yet.
 * @throws DiagnosticError with every finding on the flows and their routes. */
export async function createHttpHost(
  flows: readonly HostedFlow[],
  given: HttpHostOptions = {},
): Promise<HttpHost> {
  const options = withRedactor(given);
  const reserved = PARTS.flatMap(({ reserves }) => reserves ?? []);
  const seen = flows.map((flow) => watched(flow, options.redactor));
  const compiled = compileHostedFlows(seen, reserved);
  const app = createServer(options);
  const runs = new RunHub(options);
  logCacheFaults(runs, options);
  if (options.journal !== undefined) flushWaits(runs, compiled);
  const reloads: (() => void)[] = [];
  const onReload = (reload: () => void) => void reloads.push(reload);
  const direct = new DirectPath(runs);
  // What is written down first is not answered in the same turn.
  if ((options.journal ?? options.queue) !== undefined) direct.forbid();
  const context: HostContext = { app, flows: compiled, options, runs, direct, onReload };
  for (const part of PARTS) await part.install(context);
  await app.ready();
  direct.attach(app.server);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= stop(context));
  return {
    app,
    async listen({ host, port }) {
      assertMayListen(host, options.security ?? {});
      await app.listen({ host, port });
      const bound = app.server.address() as { address: string; port: number };
      const name = bound.address.includes(':') ? `[${bound.address}]` : bound.address;
      return { host: bound.address, port: bound.port, url: `http://${name}:${bound.port}` };
    },
    resumeRuns: () => resumeRuns(context),
    observerFor: (source) => runs.observeElsewhere(compiled, source),
    reload() {
      for (const reload of reloads) reload();
    },
    close,
    closeNow() {
      const closed = close();
      for (const { run } of runs.active()) void run.interrupt(SHUTDOWN_REASON);
      return closed;
    },
  };
}

/** The options with one redactor for all that the host shows. */
function withRedactor(
  options: HttpHostOptions,
): HttpHostOptions & { readonly redactor: SecretRedactor } {
  const { redactor = new SecretRedactor(), viewer } = options;
  return {
    ...options,
    redactor,
    ...(viewer === undefined ? {} : { viewer: { redactor, ...viewer } }),
  };
}

/** The flow, whose secrets are kept out of what the host shows, and whose calls carry its trace. */
function watched(flow: HostedFlow, redactor: SecretRedactor): HostedFlow {
  return { ...flow, capabilities: tracedCapabilities(watchSecrets(flow.capabilities, redactor)) };
}

async function stop({ app, runs, options }: HostContext): Promise<void> {
  const drainMs = options.drainMs ?? DEFAULT_DRAIN_MS;
  const quiet = warnOfCut(runs, drainMs, options.operations?.log);
  await runs.drain(drainMs);
  quiet();
  await app.close();
}
