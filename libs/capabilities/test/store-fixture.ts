// Providers under test, in memory and on disk, with what they need and how to be rid of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskStore, type DiskStore } from '../src/disk/disk-store.js';

/** A new folder that is removed by `cleanUp`. */
export async function temporaryFolder(): Promise<{ path: string; cleanUp: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'basalt-capabilities-'));
  return { path, cleanUp: () => rm(path, { recursive: true, force: true }) };
}

export interface Opened<P> {
  readonly provider: P;
  readonly close: () => Promise<void>;
}

/** How to open one provider, as a row of `describe.each`. */
export type ProviderRow<P, O> = readonly [name: string, open: (options: O) => Promise<Opened<P>>];

/** A row for a provider in memory. */
export function memoryRow<P, O>(name: string, make: (options: O) => P): ProviderRow<P, O> {
  return [name, async (options) => ({ provider: make(options), close: async () => undefined })];
}

/** A row for a provider in a disk store of its own. */
export function diskRow<P, O>(
  name: string,
  make: (store: DiskStore, options: O) => P | Promise<P>,
): ProviderRow<P, O> {
  const open = async (options: O) => {
    const folder = await temporaryFolder();
    const store = await openDiskStore(folder.path);
    const close = async () => {
      await store.close();
      await folder.cleanUp();
    };
    return { provider: await make(store, options), close };
  };
  return [name, open];
}

/** The code with which a promise rejects; undefined when it does not. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return (error as { diagnostic?: { code: string } }).diagnostic?.code ?? String(error);
  }
}

/** Keys that break stores which trust their keys. */
export const HOSTILE_KEYS = [
  '',
  '\0',
  'a\0b',
  '../../etc/passwd',
  '/absolute',
  'a/b\\c',
  '.',
  'CON',
  '__proto__',
  'constructor',
  '\ud800',
  '\ud800x',
  '\udc00',
  'e\u0301',
  '\u00e9',
  'x'.repeat(1024),
  'x'.repeat(1025),
  '\u4e2d'.repeat(400),
  'y'.repeat(100_000),
  'y'.repeat(100_001),
];
