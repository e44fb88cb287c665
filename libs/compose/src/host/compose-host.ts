// What a host lets composes do beyond computing. Without a grant a contract fails with a code; nothing is
// reached past it.
import { resolve } from 'node:path';
import { grantedPath, type ClosableHttpClient } from '@basalt/capabilities';
import type { LogEntry } from './log-entry.js';

export interface ComposeHost {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Real paths of folders whose files may be read. */
  readonly readRoots: readonly string[];
  /** Real paths of folders whose files may be written. */
  readonly writeRoots: readonly string[];
  /** Clients that enforce which hosts may be called: one that follows redirects, one that does not. */
  readonly http: HttpClients | undefined;
  /** The part of the environment that composes may see. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (entry: LogEntry) => void;
}

export interface HttpClients {
  readonly following: ClosableHttpClient;
  readonly direct: ClosableHttpClient;
}

/** A host that grants nothing, for what only computes. */
export function closedHost(cwd = '/'): ComposeHost {
  return {
    cwd,
    readRoots: [],
    writeRoots: [],
    http: undefined,
    environment: {},
    log: () => undefined,
  };
}

/** The real path of a file that may be read. Throws CAP111 for any other. */
export function readablePath(host: ComposeHost, path: string): Promise<string> {
  return grantedPath('fs', resolve(host.cwd, path), host.readRoots);
}

/** The real path of a file that may be written. Throws CAP111 for any other. */
export function writablePath(host: ComposeHost, path: string): Promise<string> {
  return grantedPath('fs', resolve(host.cwd, path), host.writeRoots);
}
