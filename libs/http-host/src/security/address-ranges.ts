// Sets of IP addresses written as addresses or CIDR ranges, both IPv4 and IPv6.
import { BlockList, isIP } from 'node:net';
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import { memoized } from './memoized.js';

/** The address without a zone; an IPv4 address inside IPv6 (::ffff:10.0.0.1) as IPv4. */
export function plainAddress(address: string): string {
  const zoned = address.indexOf('%');
  const bare = zoned === -1 ? address : address.slice(0, zoned);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  return mapped === null ? bare : mapped[1]!;
}

export class AddressRanges {
  readonly #list = new BlockList();
  readonly #empty: boolean;
  readonly #holds = memoized((address) => {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  });

  /** @param option Name of the host option, for the finding.
   * @throws DiagnosticError HTTP213 where a range is not one. */
  constructor(ranges: readonly string[], option: string) {
    this.#empty = ranges.length === 0;
    for (const range of ranges) {
      if (!this.#add(range)) {
        const problem = `${printable(range.slice(0, 60))} is no IP address or CIDR range`;
        throw new DiagnosticError([diagnostic.HTTP213({ option, problem })]);
      }
    }
  }

  has(address: string | undefined): boolean {
    return !this.#empty && address !== undefined && this.#holds(address);
  }

  #add(range: string): boolean {
    const [address = '', bits, ...rest] = range.split('/');
    const family = isIP(address);
    if (family === 0 || rest.length > 0 || address.includes('%')) return false;
    const longest = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity;
    if (prefix > longest) return false;
    this.#list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
    return true;
  }
}

const LOOPBACK = new AddressRanges(['127.0.0.0/8', '::1'], 'loopback');

/** Whether an address, or the name localhost, can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || LOOPBACK.has(host.replace(/^\[(.*)\]$/, '$1'));
}
