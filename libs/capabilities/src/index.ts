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
