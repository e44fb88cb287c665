// Headers that make browsers careful with every answer of the host.

/** For everything but the viewer: an answer is data, and no page may run or frame it. */
const DATA_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** For the viewer: its own files and its own host, nothing else. Layout sets inline styles. */
const VIEWER_CSP =
  "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const YEAR_S = 365 * 24 * 3600;

export interface SecureHeadersOptions {
  /** The host is reached over TLS only: browsers are told to insist on it (HSTS). */
  readonly behindTls?: boolean;
}

/** The headers for an answer to `path`. */
export function secureHeaders(
  path: string,
  options: SecureHeadersOptions = {},
): Readonly<Record<string, string>> {
  const viewer = path === '/_flows' || path.startsWith('/_flows/');
  return {
    'x-content-type-options': 'nosniff',
    'content-security-policy': viewer ? VIEWER_CSP : DATA_CSP,
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(options.behindTls ? { 'strict-transport-security': `max-age=${YEAR_S}` } : {}),
  };
}
