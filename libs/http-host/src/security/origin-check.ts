// Whether a request was made by a web page of another site. Browsers say where a request comes from in
// Origin, and for requests without it in Sec-Fetch-Site (Fetch metadata); other clients send neither.
import type { IncomingHttpHeaders } from 'node:http';

/** The foreign origin from which a browser sends this request; undefined where it is the host's own,
 * or no browser sends it.
 * @param host The name and port under which the caller reached the host. */
export function foreignOrigin(
  headers: IncomingHttpHeaders,
  host: string | undefined,
): string | undefined {
  const { origin } = headers;
  if (origin !== undefined) return isSame(origin, host) ? undefined : origin;
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site' ? 'unknown' : undefined;
}

function isSame(origin: string, host: string | undefined): boolean {
  if (host === undefined) return false;
  try {
    const page = new URL(origin);
    return page.host === new URL(`${page.protocol}//${host}`).host && page.host !== '';
  } catch {
    return false;
  }
}
