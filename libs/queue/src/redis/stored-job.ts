// A job as BullMQ keeps it: our record as the text that is its data, and the few options that BullMQ
// itself acts on.
import { decodeJob } from '../job-record.js';
import type { AdmittedJob } from '../admit-job.js';
import { DEFAULT_DEDUPE_TTL_MS, type Job } from '../job.js';
import { bullJobId } from './redis-keys.js';

/** BullMQ's priorities: lower numbers first, from 1. 0 would be a queue of its own before all. */
const PRIORITY_OF_ZERO = 101;

/** The arguments of the enqueue script for one job. */
export function enqueueArguments({ job, record }: AdmittedJob): (string | number)[] {
  return [
    bullJobId(job.id),
    'flow',
    JSON.stringify(Buffer.from(record).toString('base64')),
    optionsOf(job.maxAttempts),
    PRIORITY_OF_ZERO - job.priority,
    job.partition ?? '',
    job.dedupeKey ?? '',
    Math.ceil(job.dedupeTtlMs ?? DEFAULT_DEDUPE_TTL_MS),
    Math.ceil(job.notBefore ?? 0),
    job.id,
  ];
}

/** Retries are delayed as the worker says; no stack of an error is kept. */
function optionsOf(attempts: number): string {
  return `{"attempts":${attempts},"backoff":{"type":"basalt"},"stackTraceLimit":0}`;
}

/** The job of what BullMQ gives as data, or what is wrong with it, in words. */
export function jobOfData(data: unknown): { readonly job: Job } | { readonly problem: string } {
  if (typeof data !== 'string') return { problem: 'its data is no record' };
  return decodeJob(Buffer.from(data, 'base64'));
}

/** The same for the text in Redis. */
export function jobOfText(text: string | undefined) {
  try {
    return jobOfData(JSON.parse(text ?? ''));
  } catch {
    return { problem: 'its data is not even JSON' };
  }
}
