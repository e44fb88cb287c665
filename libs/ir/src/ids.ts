// The identifiers of the 0.1 contract: a flow's id is a version 5 UUID (RFC 9562) of its name and
// version, a node's id is the flow's id and the node's alias.
import { sha1 } from '@noble/hashes/legacy.js';
import type { SurfaceKind } from './flow-ir.js';

/** The namespace for domain names, RFC 9562 section 6.6. */
export const DNS_NAMESPACE = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

/** uuid5(DNS, "lattice.flow"): the namespace of flow ids. */
export const FLOW_NAMESPACE = '49263c8a-3401-5cd3-a0bb-f2e85e9875d3';

const encoder = new TextEncoder();

/** The version 5 UUID of `name` in `namespace`, in lower case. `namespace` must be a UUID. */
export function uuid5(namespace: string, name: string): string {
  const hex = namespace.replaceAll('-', '');
  if (!/^[0-9a-fA-F]{32}$/.test(hex)) throw new RangeError(`not a UUID: ${namespace}`);
  const tail = encoder.encode(name);
  const input = new Uint8Array(16 + tail.length);
  for (let i = 0; i < 16; i++) input[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  input.set(tail, 16);
  const bytes = sha1(input).subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const part = (from: number, to: number) => digits.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}

/** The id of a flow: uuid5 of "name:version" in the flow namespace. */
export function flowId(name: string, version: string): string {
  return uuid5(FLOW_NAMESPACE, `${name}:${version}`);
}

/** The id of a node: the flow's id, "::" and the alias. */
export function nodeId(flow: string, alias: string): string {
  return `${flow}::${alias}`;
}

/** The id of a control surface: its kind, the alias that it hangs on (its source, target or first
 * node) and a number that counts the surfaces of that kind and alias from 0. */
export function surfaceId(kind: SurfaceKind, anchor: string, index: number): string {
  return `${kind}:${anchor}:${index}`;
}
