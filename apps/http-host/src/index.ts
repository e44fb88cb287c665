// Public API of @basalt/http-host-app: serving, for programs that have more to offer.
export { serveOptions, servingOptions } from './serve-options.js';
export { serveFlows } from './serve-flows.js';
export type { ServeArgs, WorkerBeside } from './serve-flows.js';
