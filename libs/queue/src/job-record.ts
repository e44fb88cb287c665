// How a job is stored: a version byte, a checksum (CRC-32), and the canonical encoding of the job. What
// was cut off, changed or written by something else is told from a job, and never guessed at.
import { crc32 } from 'node:zlib';
import { decodeCanonical, encodeCanonical, type Value } from '@basalt/ir';
import { isMap } from './is-map.js';
import type { Job } from './job.js';

/** Raised with every change of the form that an older release would misread. */
const VERSION = 1;
const HEAD_BYTES = 5;

/** The record of a job. */
export function encodeJob(job: Job): Uint8Array {
  return sealRecord(job as unknown as Value);
}

/** The job of a record, or what is wrong with the record, in words. Never throws. */
export function decodeJob(
  record: Uint8Array,
): { readonly job: Job } | { readonly problem: string } {
  const opened = openRecord(record);
  if ('problem' in opened) return opened;
  const { value } = opened;
  if (!isMap(value)) return { problem: 'it holds no job' };
  const job = value as unknown as Job;
  const sound =
    typeof job.id === 'string' &&
    typeof job.flow === 'string' &&
    typeof job.flowName === 'string' &&
    typeof job.enqueuedAt === 'number' &&
    typeof job.maxAttempts === 'number' &&
    typeof job.priority === 'number' &&
    isMap(job.backoff) &&
    'payload' in job;
  return sound ? { job } : { problem: 'it holds no job' };
}

/** A value with version and checksum. */
export function sealRecord(value: Value): Uint8Array {
  const body = encodeCanonical(value);
  const record = Buffer.allocUnsafe(HEAD_BYTES + body.byteLength);
  record[0] = VERSION;
  record.writeUInt32BE(crc32(body), 1);
  record.set(body, HEAD_BYTES);
  return record;
}

/** The value of a record, or what is wrong with the record, in words. Never throws. */
export function openRecord(
  record: Uint8Array,
): { readonly value: Value } | { readonly problem: string } {
  if (record.byteLength <= HEAD_BYTES) return { problem: 'it is cut off' };
  if (record[0] !== VERSION) {
    return { problem: `its version is ${record[0]!}, and this release reads ${VERSION}` };
  }
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const body = record.subarray(HEAD_BYTES);
  if (view.getUint32(1) !== crc32(body)) return { problem: 'its checksum does not match' };
  try {
    return { value: decodeCanonical(body) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
