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
