// Public API of @basalt/http-host.

// The host.
export { createHttpHost } from './create-http-host.js';
export type { HttpHost, ListenAddress } from './create-http-host.js';
export type { HttpHostOptions } from './host-options.js';
export type { CompiledFlow, HostedFlow, HttpRoute } from './hosted-flow.js';
export type { WebhookOptions } from './security/security-options.js';

// Runs that are kept.
export type { ResumedRuns } from './durable/resume-runs.js';

// Its parts.
export type { HostContext, HostPart } from './host-part.js';
export { RunHub } from './run-hub.js';
export type { ActiveRun, HubRun, RunListener, RunOrigin } from './run-hub.js';

// Ending it.
export { closeOnSignals } from './operations/shutdown-signals.js';
export type { Closable, ShutdownOptions } from './operations/shutdown-signals.js';

// Measurements, for other programs that are scraped.
export { PrometheusSink } from './operations/prometheus-sink.js';
