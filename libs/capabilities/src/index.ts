// Public API of @basalt/capabilities.

// The interfaces.
export type {
  BlobStore,
  CacheStore,
  CapabilityName,
  CapabilitySet,
  Clock,
  DedupeStore,
  FileSystem,
  HttpClient,
  HttpRequest,
  HttpResponse,
  KeyValueStore,
  Log,
  LogLevel,
  QueueStore,
  Rng,
  SecretStore,
} from './capability-set.js';

// Time.
export { systemClock } from './clock/system-clock.js';
export { VirtualClock } from './clock/virtual-clock.js';

// Randomness.
export { deriveRng, seededRng } from './rng/seeded-rng.js';
export type { RngSeed, SeededRng } from './rng/seeded-rng.js';
export { systemRng } from './rng/system-rng.js';

// Providers in memory.
export { memoryBlob } from './memory/memory-blob.js';
export type { MemoryBlobOptions } from './memory/memory-blob.js';
export { memoryCache } from './memory/memory-cache.js';
export type { MemoryCacheOptions } from './memory/memory-cache.js';
export { memoryDedupe } from './memory/memory-dedupe.js';
export type { MemoryDedupeOptions } from './memory/memory-dedupe.js';
export { memoryKv } from './memory/memory-kv.js';
export type { MemoryKvOptions } from './memory/memory-kv.js';
export { memoryQueue } from './memory/memory-queue.js';
export type { MemoryQueueOptions } from './memory/memory-queue.js';
export { MAX_VALUE_BYTES } from './capability-arguments.js';
export { DEFAULT_CACHE_BOUNDS } from './cache-bounds.js';
export type { CacheBounds } from './cache-bounds.js';

// Providers on disk.
export { diskBlob } from './disk/disk-blob.js';
export type { DiskBlobOptions } from './disk/disk-blob.js';
export { diskCache } from './disk/disk-cache.js';
export type { DiskCacheOptions } from './disk/disk-cache.js';
export { diskDedupe } from './disk/disk-dedupe.js';
export type { DiskDedupeOptions } from './disk/disk-dedupe.js';
export { diskKv } from './disk/disk-kv.js';
export type { DiskKvOptions } from './disk/disk-kv.js';
export { diskQueue } from './disk/disk-queue.js';
export type { DiskQueueOptions } from './disk/disk-queue.js';
export { openDiskStore } from './disk/disk-store.js';
export type { DiskStore, DiskStoreOptions } from './disk/disk-store.js';

// Tables on disk, for whoever keeps other things in them.
export { openTableStore } from './disk/table-store.js';
export type { Table, TableStore, TableStoreOptions, Tables } from './disk/table-store.js';
export type { StoreFormat } from './disk/store-folder.js';
export { processState, thisProcess } from './disk/process-identity.js';
export type { ProcessIdentity } from './disk/process-identity.js';
export { replaceFile } from './disk/replace-file.js';
export { storedKey } from './disk/stored-key.js';

// A file for logs: each write is on disk when it returns.
export { BLOCK_BYTES, FlushedFile, blockMemory } from './disk/flushed-file.js';

// Providers on a Redis server.
export { redisCache } from './redis/redis-cache.js';
export type { RedisCacheOptions } from './redis/redis-cache.js';
export { redisDedupe } from './redis/redis-dedupe.js';
export { redisKv } from './redis/redis-kv.js';
export type { RedisKvOptions } from './redis/redis-kv.js';
export { openRedisStore } from './redis/redis-store.js';
export type { RedisStore, RedisStoreOptions } from './redis/redis-store.js';

// Secrets and the log.
export { secretStore } from './secrets/secret-store.js';
export type { SecretStoreOptions } from './secrets/secret-store.js';
export { SecretRedactor } from './secrets/secret-redactor.js';
export { jsonLog, stderrLog } from './log/json-log.js';
export type { JsonLogOptions } from './log/json-log.js';

// What a node is given.
export { gateCapabilities } from './gate-capabilities.js';
export { capabilitiesOfHint } from './capability-hints.js';

// HTTP.
export { httpRead, httpWrite } from './http/http-client.js';
export type { ClosableHttpClient, OpenedResponse } from './http/http-client.js';
export { HTTP_DEFAULTS } from './http/http-options.js';
export type { HttpAccess, HttpOptions, ResolveHost } from './http/http-options.js';
export { isPrivateAddress } from './http/private-address.js';

// Files.
export { diskFs } from './fs/disk-fs.js';
export type { DiskFsOptions } from './fs/disk-fs.js';
export { grantedPath } from './fs/granted-path.js';

// Bindings.
export { bindingsLockSchemaDocument } from './bindings/bindings-lock.js';
export type { BindingsLock, LockInstance } from './bindings/bindings-lock.js';
export { contentHash } from './bindings/content-hash.js';
export { generateLock } from './bindings/generate-lock.js';
export type { GenerateLockOptions, GeneratedLock } from './bindings/generate-lock.js';
export { openCapabilities } from './bindings/open-capabilities.js';
export type { OpenCapabilitiesOptions, OpenedCapabilities } from './bindings/open-capabilities.js';
export { parseBind } from './bindings/parse-bind.js';
export type { Binding } from './bindings/parse-bind.js';
export { PROVIDER_KINDS } from './bindings/provider-kinds.js';
export type { ProviderKind, ProviderSettings } from './bindings/provider-kinds.js';
export { verifyLock } from './bindings/verify-lock.js';
export type { VerifyLockOptions } from './bindings/verify-lock.js';
