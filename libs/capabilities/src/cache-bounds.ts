// What a cache may hold. Every cache provider counts alike: a key costs two bytes a UTF-16 unit, a
// value its length.

export interface CacheBounds {
  /** Most entries; 10,000 by default. */
  readonly maxEntries?: number;
  /** Most bytes of keys and values together; 64 MiB by default. */
  readonly maxBytes?: number;
}

export const DEFAULT_CACHE_BOUNDS: Required<CacheBounds> = {
  maxEntries: 10_000,
  maxBytes: 64 * 2 ** 20,
};

/** What an entry counts against `maxBytes`. */
export function cacheCost(key: string, valueBytes: number): number {
  return 2 * key.length + valueBytes;
}
