// What proxies say about a request (who sent it, to which name, over TLS or not) counts only where a
// proxy that the host was told of says it. From anybody else those headers are dropped before
// anything reads them.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AddressRanges, plainAddress } from './address-ranges.js';

/** Headers that only a proxy may set. */
const PROXY_HEADERS: ReadonlySet<string> = new Set(['forwarded', 'x-real-ip', 'x-auth-user']);
const LETTER_F = 0x66;
const LETTER_X = 0x78;
/** Longest chain of proxies that is followed. */
const MAX_HOPS = 20;

function setByProxies(name: string): boolean {
  return PROXY_HEADERS.has(name) || name.startsWith('x-forwarded-');
}

function isSet(name: string): boolean {
  const first = name.charCodeAt(0);
  if (first !== LETTER_X && first !== LETTER_F) return false;
  // nginx and others fold "_" into "-" on the way to an application: both spellings are dropped.
  return setByProxies(name) || (name.includes('_') && setByProxies(name.replaceAll('_', '-')));
}

export class ProxyTrust {
  readonly #proxies: AddressRanges;

  /** @param proxies IP addresses and CIDR ranges; none = no proxy is trusted.
   * @throws DiagnosticError HTTP213 where one is not understood. */
  constructor(proxies: readonly string[]) {
    this.#proxies = new AddressRanges(proxies, 'trustedProxies');
  }

  /** Whether the other end of the connection is a trusted proxy. */
  trusts(remoteAddress: string | undefined): boolean {
    return this.#proxies.has(remoteAddress);
  }

  /** The address of who sent the request: the last one in X-Forwarded-For that is no trusted proxy,
   * else that of the connection. */
  clientAddress(remoteAddress: string | undefined, headers: IncomingHttpHeaders): string {
    let client = plainAddress(remoteAddress ?? '');
    if (!this.trusts(remoteAddress)) return client;
    const header = headers['x-forwarded-for'];
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
    for (const hop of hops.slice(-MAX_HOPS).reverse()) {
      const address = withoutPort(hop.trim());
      if (isIP(plainAddress(address)) === 0) break;
      client = plainAddress(address);
      if (!this.trusts(client)) break;
    }
    return client;
  }

  /** Takes the headers that only proxies may set out of a request from anybody else. */
  dropForged(request: IncomingMessage): void {
    if (this.trusts(request.socket.remoteAddress)) return;
    let found = false;
    for (const name of Object.keys(request.headers)) {
      if (!isSet(name)) continue;
      delete request.headers[name];
      found = true;
    }
    if (found) dropRaw(request.rawHeaders);
  }
}

/** Takes them out of the list of names and values as they came, in place. */
function dropRaw(raw: string[]): void {
  for (let at = raw.length - 2; at >= 0; at -= 2) {
    if (isSet(raw[at]!.toLowerCase())) raw.splice(at, 2);
  }
}

/** `1.2.3.4:80` and `[::1]:80` without the port. */
function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(hop);
  if (bracketed !== null) return bracketed[1]!;
  const ipv4 = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop);
  return ipv4 === null ? hop : ipv4[1]!;
}
