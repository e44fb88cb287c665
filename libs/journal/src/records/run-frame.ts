// How a record lies on disk or travels: a version, a checksum, and canonical CBOR. The checksum of a
// frame covers the one before it, so that a frame that is changed, missing, in another place or in
// another run is seen.
import { hash } from 'node:crypto';
import type { RunRecord } from '@basalt/executor';
import { decodeCanonical, encodeCanonical, type Value } from '@basalt/ir';
import { RECORD_FIELDS, fieldFault, writeFields, type Fields } from './record-fields.js';
import { isMap } from './is-map.js';

const VERSION = 1;
const CHAIN_BYTES = 16;
const HEADER_BYTES = 1 + CHAIN_BYTES;

/** Sixteen bytes that depend on every frame so far. */
export type Chain = Uint8Array;

/** One record as bytes, and the chain after it. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly chain: Chain;
}

/** What a frame holds, or why it is not good. */
export type FrameReading =
  { readonly body: Value; readonly chain: Chain } | { readonly fault: string };

/** The chain after a frame in whose header the chain before it stands: SHA-256 over all of it.
 * SHA-256 rather than BLAKE3, of which the first 16 bytes are kept: this checksum never leaves the
 * store, and the one of the system costs 1 to 5 us a record where BLAKE3 in JavaScript takes 6 to 70. */
function chainOf(frame: Uint8Array): Chain {
  return new Uint8Array(hash('sha256', frame, 'buffer').subarray(0, CHAIN_BYTES));
}

function frameOf(chain: Chain, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  bytes[0] = VERSION;
  bytes.set(chain, 1);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

/** The chain before the first frame of a run. */
export function firstChain(runId: string): Chain {
  return chainOf(Buffer.from(runId, 'utf16le'));
}

/** The next frame. @throws DOC034 where `body` is not a value. */
export function writeFrame(previous: Chain, body: Value): Frame {
  const bytes = frameOf(previous, encodeCanonical(body));
  const chain = chainOf(bytes);
  bytes.set(chain, 1);
  return { bytes, chain };
}

/** Reads the frame that follows `previous`. Never throws, whatever the bytes are. */
export function readFrame(previous: Chain, bytes: Uint8Array): FrameReading {
  if (bytes.length <= HEADER_BYTES) return { fault: 'it is cut off' };
  if (bytes[0] !== VERSION) return { fault: `its version is ${bytes[0]}, and ${VERSION} is read` };
  const body = bytes.subarray(HEADER_BYTES);
  const chain = chainOf(frameOf(previous, body));
  if (Buffer.compare(chain, bytes.subarray(1, HEADER_BYTES)) !== 0) {
    return { fault: 'its checksum is wrong' };
  }
  try {
    return { body: decodeCanonical(body), chain };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** A record as a value. */
export function recordBody(record: RunRecord): Value {
  return { kind: record.kind, ...writeFields(record, RECORD_FIELDS[record.kind]) };
}

/** The record of a value, or why it is none. */
export function recordOfBody(body: Value): { record: RunRecord } | { fault: string } {
  if (!isMap(body)) return { fault: 'it is no map' };
  const { kind, ...rest } = body as Readonly<Record<string, Value>>;
  if (typeof kind !== 'string' || !Object.hasOwn(RECORD_FIELDS, kind)) {
    return { fault: 'its kind is not known' };
  }
  const fields: Fields = RECORD_FIELDS[kind as RunRecord['kind']];
  const fault = fieldFault(rest, fields);
  return fault === undefined ? { record: body as unknown as RunRecord } : { fault };
}
