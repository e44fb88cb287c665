// Public API of @basalt/test-servers.

// Servers.
export { startRedisServer } from './redis-server.js';
export type { RedisServer, RedisServerOptions } from './redis-server.js';
export { startRestateServer } from './restate-server.js';
export type { RestateServer } from './restate-server.js';

// Ways to them.
export { freePort } from './free-port.js';
export { startCuttingProxy } from './cutting-proxy.js';
export type { Cut, CuttingProxy } from './cutting-proxy.js';
