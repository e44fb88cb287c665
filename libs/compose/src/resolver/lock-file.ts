// lcp.lock: which component stands for each id, where it is from, and its checksum.
import type { Diagnostic } from '@basalt/diagnostics';
import type { ValueMap } from '../document/plain-values.js';
import { writeToml } from '../contracts/toml-writer.js';
import { checkSource, type SourceKind } from '../descriptors/checked-source.js';
import { LOCK_SCHEMA } from './lock-schema.js';

export const LOCK_FILE = 'lcp.lock';
/** Version of what writes locks. */
export const RESOLVER_VERSION = '1.0.0';

export interface LockSource {
  readonly type: string;
  readonly url?: string;
  readonly path?: string;
  readonly package?: string;
  readonly version?: string;
  /** `compose_sha256`: checksum of compose.yaml. */
  readonly extra?: ValueMap;
}

export interface LockedComponent {
  /** As it was required. */
  readonly id: string;
  /** With the version that was picked. */
  readonly resolved: string;
  readonly source: LockSource;
  /** `sha256-` and the digest of the descriptor. */
  readonly integrity?: string;
  /** Its folder, from that of the project. */
  readonly path?: string;
  readonly bindings?: readonly { readonly contract: string; readonly implementation: string }[];
  readonly dependencies?: readonly {
    readonly id: string;
    readonly requested?: string;
    readonly resolved?: string;
  }[];
}

export interface LockFile {
  readonly schemaVersion: '1.0';
  readonly resolverVersion?: string;
  readonly projectId?: string;
  readonly components?: readonly LockedComponent[];
}

export interface ReadLock {
  /** Undefined where there are errors. */
  readonly lock: LockFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const LOCK: SourceKind = { name: 'The lock', schema: LOCK_SCHEMA, syntax: 'toml' };

/** Never throws. */
export async function readLock(text: string, file: string): Promise<ReadLock> {
  const { value, diagnostics } = await checkSource(text, file, LOCK);
  return { lock: value as LockFile | undefined, diagnostics };
}

/** The same components give the same bytes. */
export function lockText(lock: LockFile): string {
  return writeToml(lock as unknown as ValueMap);
}
