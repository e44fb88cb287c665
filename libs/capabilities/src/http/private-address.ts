// Which addresses are not the public internet: the IANA special-purpose registries for IPv4 and IPv6
// (RFC 6890 and its updates). Everything here is refused unless a binding allows private addresses.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, cloud metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];

const special = new BlockList();
for (const [network, bits] of SPECIAL_IPV4) special.addSubnet(network, bits, 'ipv4');

/** The eight 16-bit groups of an IPv6 address, by way of the URL parser's canonical form. */
function groupsOf(address: string): readonly number[] {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const parse = (text: string) => (text === '' ? [] : text.split(':').map((g) => parseInt(g, 16)));
  if (tail === undefined) return parse(head);
  const left = parse(head);
  const right = parse(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function embeddedIpv4(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function isPrivateIpv6(address: string): boolean {
  if (address.includes('%')) return true;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groupsOf(address);
  const upper = a | b | c | d | e;
  // ::ffff:0:0/96 is IPv4, written as IPv6; 64:ff9b::/96 is IPv4 behind a translator.
  if (upper === 0 && f === 0xffff) return isPrivateAddress(embeddedIpv4(g, h));
  if (a === 0x64 && b === 0xff9b && (c | d | e | f) === 0) {
    return isPrivateAddress(embeddedIpv4(g, h));
  }
  // Only 2000::/3 is global unicast; within it, these are not: 2001::/23 (Teredo and others),
  // documentation (2001:db8::/32, 3fff::/20) and 6to4, which carries any IPv4 address.
  if (a >> 13 !== 1) return true;
  if (a === 0x2001) return b < 0x200 || b === 0xdb8;
  return a === 0x2002 || (a === 0x3fff && b < 0x1000);
}

/** Whether an IP address is private, local, or otherwise not public; true for what is no address. */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return special.check(address, 'ipv4');
  return isIPv6(address) ? isPrivateIpv6(address) : true;
}
