// Blobs in this process, gone when it ends.
import type { BlobStore } from '../capability-set.js';
import { MAX_VALUE_BYTES, checkKey, checkValue } from '../capability-arguments.js';

export interface MemoryBlobOptions {
  /** Largest blob in bytes; 64 MiB by default. */
  readonly maxValueBytes?: number;
}

/** A blob store in memory. Contents are copied on the way in and on the way out. */
export function memoryBlob(options: MemoryBlobOptions = {}): BlobStore {
  const limit = options.maxValueBytes ?? MAX_VALUE_BYTES;
  const blobs = new Map<string, Uint8Array>();
  return {
    async get(key) {
      checkKey('blob.get', key);
      return blobs.get(key)?.slice();
    },
    async put(key, value) {
      checkKey('blob.put', key);
      checkValue('blob.put', 'blob.memory', value, limit);
      blobs.set(key, new Uint8Array(value));
    },
    async delete(key) {
      checkKey('blob.delete', key);
      return blobs.delete(key);
    },
  };
}
