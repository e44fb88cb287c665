// The portable form of runs: a CBOR sequence (RFC 8742) of byte strings, each a checksum and canonical
// CBOR. The first names the format, each further one is a run with its frames as they are, and the last
// counts them, so that a file that is cut off between two runs is seen.
import { createHash } from 'node:crypto';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { decodeCanonical, encodeCanonical, hashBytes, type Value } from '@basalt/ir';
import type { DeliveredEvent } from '../journal-store.js';
import { readRun, type ReadRun } from './read-run.js';
import { isMap } from './is-map.js';

const FORMAT = 'basalt-runs';
const VERSION = 1;
const CHECKSUM_BYTES = 16;
/** Head of a byte string whose length is four bytes (RFC 8949, section 3). */
const HEAD = 0x5a;
const HEAD_BYTES = 5;

/** Everything that is kept of a run. */
export interface StoredRun {
  readonly runId: string;
  /** Canonical bytes of the flow document. */
  readonly document: Uint8Array;
  readonly frames: readonly Uint8Array[];
  readonly events: readonly DeliveredEvent[];
  readonly resumptions: number;
}

/** A run of an archive, whose frames are good. */
export interface ArchivedRun extends StoredRun {
  readonly read: ReadRun & { readonly start: NonNullable<ReadRun['start']> };
}

function checksum(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest().subarray(0, CHECKSUM_BYTES);
}

function item(value: Value): Uint8Array {
  const body = encodeCanonical(value);
  const bytes = new Uint8Array(HEAD_BYTES + CHECKSUM_BYTES + body.length);
  bytes[0] = HEAD;
  new DataView(bytes.buffer).setUint32(1, CHECKSUM_BYTES + body.length);
  bytes.set(checksum(body), HEAD_BYTES);
  bytes.set(body, HEAD_BYTES + CHECKSUM_BYTES);
  return bytes;
}

/** Writes an archive, one chunk an item. */
export async function* writeArchive(runs: AsyncIterable<StoredRun>): AsyncGenerator<Uint8Array> {
  yield item({ format: FORMAT, version: VERSION });
  let count = 0;
  for await (const run of runs) {
    count += 1;
    yield item({
      runId: run.runId,
      document: run.document,
      frames: run.frames,
      events: run.events.map(({ id, checkpoint, correlation, event, at }) => ({
        id,
        checkpoint,
        correlation,
        event,
        at,
      })),
      resumptions: run.resumptions,
    });
  }
  yield item({ runs: count });
}

function bad(index: number, reason: string): DiagnosticError {
  return new DiagnosticError([diagnostic.JRNL010({ item: index, reason })]);
}

/** Cuts chunks into items; `limit` bounds what one may declare. */
async function* readItems(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<readonly [index: number, value: Value]> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let index = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    held += chunk.length;
    for (;;) {
      if (held < HEAD_BYTES) break;
      if (parts[0]!.length < HEAD_BYTES) parts = [Buffer.concat(parts)];
      const head = parts[0]!;
      const size = new DataView(head.buffer, head.byteOffset).getUint32(1);
      if (head[0] !== HEAD) throw bad(index, 'it does not begin as one');
      if (size > limit) throw bad(index, `it has ${size} bytes, and at most ${limit} are read`);
      if (held < HEAD_BYTES + size) break;
      const all = parts.length === 1 ? head : Buffer.concat(parts);
      yield [index, readItem(index, all.subarray(HEAD_BYTES, HEAD_BYTES + size))];
      index += 1;
      parts = [all.subarray(HEAD_BYTES + size)];
      held -= HEAD_BYTES + size;
    }
  }
  if (held > 0) throw bad(index, 'it is cut off');
}

function readItem(index: number, bytes: Uint8Array): Value {
  const body = bytes.subarray(CHECKSUM_BYTES);
  if (Buffer.compare(checksum(body), bytes.subarray(0, CHECKSUM_BYTES)) !== 0) {
    throw bad(index, 'its checksum is wrong');
  }
  try {
    return decodeCanonical(body);
  } catch (error) {
    throw bad(index, (error as Error).message);
  }
}

function isEvent(value: unknown): boolean {
  if (!isMap(value) || !('correlation' in value) || !('event' in value)) return false;
  const { id, checkpoint, at } = value;
  return typeof id === 'string' && typeof checkpoint === 'string' && typeof at === 'number';
}

function runOf(index: number, value: Value): ArchivedRun {
  if (!isMap(value)) throw bad(index, 'it is no run');
  const { runId, document, frames, events, resumptions } = value;
  const sound =
    typeof runId === 'string' &&
    document instanceof Uint8Array &&
    Array.isArray(frames) &&
    frames.every((frame) => frame instanceof Uint8Array) &&
    Array.isArray(events) &&
    events.every(isEvent) &&
    Number.isSafeInteger(resumptions);
  if (!sound) throw bad(index, 'it is no run');
  const run = value as unknown as StoredRun;
  const read = readRun(run.runId, run.frames);
  const { start, fault } = read;
  if (fault !== undefined) {
    throw bad(index, `record ${fault.at} of the run ${run.runId} is not good: ${fault.reason}`);
  }
  if (start === undefined || hashBytes(run.document) !== start.document) {
    throw bad(index, `the flow of the run ${run.runId} is another one`);
  }
  return { ...run, read: { ...read, start } };
}

/** Reads an archive, run by run. @param limit bytes of the largest run. @throws JRNL010 at the first
 * item that is not good; the runs before it were given. */
export async function* readArchive(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<ArchivedRun> {
  let count: number | undefined;
  let ended = false;
  let last = -1;
  for await (const [index, value] of readItems(chunks, limit)) {
    last = index;
    if (ended) throw bad(index, 'it follows the end');
    if (count === undefined) {
      const head = isMap(value) ? value : {};
      if (head['format'] !== FORMAT) throw bad(index, 'it is no export of runs');
      if (head['version'] !== VERSION) {
        throw bad(index, `its version is ${String(head['version'])}, and ${VERSION} is read`);
      }
      count = 0;
    } else if (isMap(value) && 'runs' in value) {
      if (value['runs'] !== count) throw bad(index, `${count} runs came before it`);
      ended = true;
    } else {
      count += 1;
      yield runOf(index, value);
    }
  }
  if (!ended) throw bad(last + 1, 'it is missing: the export is cut off');
}
