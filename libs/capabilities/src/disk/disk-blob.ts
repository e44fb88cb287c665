// Blobs as files in a disk store. A file is named by the hash of its key, so no key can name a file
// outside of the folder, whatever it holds.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkKey, checkValue } from '../capability-arguments.js';
import type { BlobStore } from '../capability-set.js';
import type { DiskStore } from './disk-store.js';
import { replaceFile } from './replace-file.js';
import { keyHash } from './stored-key.js';

export interface DiskBlobOptions {
  /** Largest blob in bytes; 1 GiB by default. */
  readonly maxValueBytes?: number;
}

const MAX_BLOB_BYTES = 2 ** 30;

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** The blobs of a store: `blobs/<first two hex digits>/<hash of the key>`. A put that has resolved is
 * on disk, and a reader sees the old content or the new one, never a part. */
export function diskBlob(store: DiskStore, options: DiskBlobOptions = {}): BlobStore {
  const limit = options.maxValueBytes ?? MAX_BLOB_BYTES;
  const place = (key: string) => {
    const name = Buffer.from(keyHash(key)).toString('hex');
    const folder = join(store.folder, 'blobs', name.slice(0, 2));
    return { folder, path: join(folder, name) };
  };
  return {
    async get(key) {
      checkKey('blob.get', key);
      return store.files('blob.get', 0, async () => {
        try {
          const content = await readFile(place(key).path);
          return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      });
    },
    async put(key, value) {
      checkKey('blob.put', key);
      checkValue('blob.put', 'blob.disk', value, limit);
      const content = new Uint8Array(value);
      const { folder, path } = place(key);
      await store.files('blob.put', content.byteLength, async () => {
        await mkdir(folder, { recursive: true });
        await replaceFile(join(folder, `.${randomUUID()}`), path, content);
      });
    },
    async delete(key) {
      checkKey('blob.delete', key);
      return store.files('blob.delete', 0, async () => {
        try {
          await rm(place(key).path);
          return true;
        } catch (error) {
          if (isMissing(error)) return false;
          throw error;
        }
      });
    },
  };
}
