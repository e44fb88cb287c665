// Hashes of values and idempotency keys: BLAKE3-256 over the canonical encoding.
import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeCanonical } from './canonical-cbor.js';
import type { Value } from './value.js';

/** BLAKE3-256 of bytes, in lower-case hex. */
export function hashBytes(bytes: Uint8Array): string {
  return bytesToHex(blake3(bytes));
}

/** BLAKE3-256 of the canonical encoding of a value, in lower-case hex: equal values have equal hashes
 * on every runtime. Throws DOC034 where `value` is not a value. */
export function hashValue(value: Value): string {
  return hashBytes(encodeCanonical(value));
}

/** What an idempotency key is made of. */
export interface IdempotencyParts {
  /** The id of the flow. Who wants keys to stay the same across versions passes the flow's name. */
  readonly flow: string;
  /** The alias of the node. */
  readonly node: string;
  /** The value of the partition key, where keys are unique within a partition only. */
  readonly partition?: Value;
  /** The values that the key's pointers select, by pointer. */
  readonly fields: { readonly [pointer: string]: Value };
}

/** The idempotency key: `hashValue` of the map {schema, node, partition, fields}, where `schema` is
 * the flow and `partition` is null when there is none.
 *
 * The 0.1 contract names two layouts, this one and the short {f, n, p, x}, and fixes neither. The long
 * one is the format here because it explains itself in a dump of the bytes, and its cost, 20 bytes
 * more under one hash, is not measurable. Unlike the contract's text, strings are not normalised to
 * NFC: two ids that differ in bytes are two ids for every system downstream. */
export function idempotencyKey(parts: IdempotencyParts): string {
  return hashValue({
    schema: parts.flow,
    node: parts.node,
    partition: parts.partition ?? null,
    fields: parts.fields,
  });
}
