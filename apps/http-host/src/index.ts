// Public API of @basalt/http-host-app: serving, for programs that have more to offer.
export { serveOptions } from './serve-options.js';
export { serveFlows } from './serve-flows.js';
export type { ServeArgs } from './serve-flows.js';
