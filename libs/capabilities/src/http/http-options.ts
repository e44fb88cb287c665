// What a binding decides about HTTP.
import type { LookupAddress } from 'node:dns';

/** Resolves a name to all of its addresses. */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

export interface HttpOptions {
  /** Hosts that may be called: `host`, `*.domain`, `*`, each optionally with `:port`. Every public
   * host when absent, none when empty. */
  readonly allow?: readonly string[];
  /** Lets addresses through that are loopback, private, link-local or otherwise not public. */
  readonly allowPrivate?: boolean;
  /** Redirects followed, each under all checks; 0 by default: the 3xx response is the result. */
  readonly maxRedirects?: number;
  /** Limit of an exchange in milliseconds, unless the request sets its own; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Largest response body in bytes; 16 MiB by default. */
  readonly maxResponseBytes?: number;
  /** Largest request or response header in bytes; 16 KiB by default. */
  readonly maxHeaderBytes?: number;
  /** Replaces the resolver of the operating system. */
  readonly resolve?: ResolveHost;
}

/** Which methods a client takes. */
export type HttpAccess = 'httpRead' | 'httpWrite';

export const HTTP_DEFAULTS = {
  allowPrivate: false,
  maxRedirects: 0,
  timeoutMs: 30_000,
  maxResponseBytes: 16 * 2 ** 20,
  maxHeaderBytes: 16 * 2 ** 10,
} as const;
