// Headers that make browsers careful with every answer of the host. An answer is data: no page may run
// in it, embed it or frame it. The pages of the run viewer replace the policy by their own.

const CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const YEAR_S = 365 * 24 * 3600;

export interface SecureHeadersOptions {
  /** The host is reached over TLS only: browsers are told to insist on it (HSTS). */
  readonly behindTls?: boolean;
}

/** The headers of every answer. */
export function secureHeaders(
  options: SecureHeadersOptions = {},
): Readonly<Record<string, string>> {
  return Object.freeze({
    'x-content-type-options': 'nosniff',
    'content-security-policy': CSP,
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(options.behindTls ? { 'strict-transport-security': `max-age=${YEAR_S}` } : {}),
  });
}
