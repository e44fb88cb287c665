// The names to which the host answers. A page of a hostile site can make its own name point at this
// machine (DNS rebinding), and the browser then takes the host for that site; the Host header tells.
import { isLoopback } from './address-ranges.js';
import { memoized } from './memoized.js';

/** The name in a Host header, lower case, without its port and the brackets of IPv6. */
export function hostName(header: string): string {
  return header
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

function isThisMachine(name: string): boolean {
  return isLoopback(name) || name.endsWith('.localhost');
}

/** Whether a request names more than one host (RFC 9112, section 3.2): proxies and servers would each
 * believe another one. @param rawHeaders Names and values in turn. */
export function namesTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

/** Says whether the host answers to a Host header.
 * @param allowed Names; when absent, those of this machine if `loopbackOnly`, else all. */
export function hostNameCheck(
  allowed: readonly string[] | undefined,
  loopbackOnly: boolean,
): (header: string) => boolean {
  if (allowed !== undefined) {
    const names = new Set(allowed.map((name) => hostName(name)));
    return memoized((header) => names.has(hostName(header)));
  }
  return loopbackOnly ? memoized((header) => isThisMachine(hostName(header))) : () => true;
}
