// A job as BullMQ keeps it: JSON, which BullMQ parses anyway, and the few options that BullMQ itself acts
// on. The binary record of the other backends would be decoded in addition, which costs a tenth of all
// that BullMQ does for a job; its checksum guards against torn disks, and Redis has its own for that.
import { DiagnosticError } from '@basalt/diagnostics';
import { checkValue, valueFromJson, valueToJson, type Json, type Value } from '@basalt/ir';
import type { AdmittedJob } from '../admit-job.js';
import { isMap } from '../is-map.js';
import { DEFAULT_BACKOFF, DEFAULT_DEDUPE_TTL_MS, type Job } from '../job.js';
import { bullJobId } from './redis-keys.js';

/** BullMQ's priorities: lower numbers first, from 1. 0 would be a queue of its own before all. */
const PRIORITY_OF_ZERO = 101;
/** Raised with every change of the form that an older release would misread. */
const VERSION = 1;

/** The arguments of the enqueue script for one job. */
export function enqueueArguments({ job }: AdmittedJob): (string | number)[] {
  return [
    bullJobId(job.id),
    'flow',
    textOfJob(job),
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

/** The text of a job. `plain` says that its JSON is the value itself: without bytes, big integers and
 * other things that JSON has to write in another way. */
function textOfJob(job: Job): string {
  const { backoff, ...rest } = job;
  const kept = backoff === DEFAULT_BACKOFF ? rest : job;
  const text = JSON.stringify(valueToJson(kept as unknown as Value));
  return `{"v":${VERSION},"plain":${!text.includes('"$')},"job":${text}}`;
}

/** The job of what BullMQ gives as data, or what is wrong with it, in words. Never throws. */
export function jobOfData(data: unknown): { readonly job: Job } | { readonly problem: string } {
  if (!isMap(data)) return { problem: 'its data is no map' };
  const { v, plain, job: stored } = data;
  if (v === undefined) return { problem: 'its data is not that of a job' };
  if (v !== VERSION) {
    return { problem: `its version is ${JSON.stringify(v)}, and this release reads ${VERSION}` };
  }
  try {
    const job = plain === true ? stored : valueFromJson(stored as Json);
    if (!isMap(job) || !isJob(job)) return { problem: 'it holds no job' };
    const fault = plain === true ? checkValue(job.payload) : undefined;
    if (fault !== undefined) return { problem: `its payload is no value: ${fault.reason}` };
    return { job: job.backoff === undefined ? { ...job, backoff: DEFAULT_BACKOFF } : job };
  } catch (error) {
    const [finding] = error instanceof DiagnosticError ? error.diagnostics : [];
    return { problem: finding?.message ?? String(error) };
  }
}

/** The same for the text in Redis. */
export function jobOfText(text: string | undefined) {
  try {
    return jobOfData(JSON.parse(text ?? ''));
  } catch {
    return { problem: 'its data is not even JSON' };
  }
}

/** Whether everything is there that a worker relies on. */
function isJob(job: unknown): job is Job {
  const given = job as { readonly [name in keyof Job]?: unknown };
  return (
    typeof given.id === 'string' &&
    typeof given.flow === 'string' &&
    typeof given.flowName === 'string' &&
    typeof given.enqueuedAt === 'number' &&
    typeof given.maxAttempts === 'number' &&
    typeof given.priority === 'number' &&
    (given.partition === undefined || typeof given.partition === 'string') &&
    (given.backoff === undefined || isMap(given.backoff)) &&
    given.payload !== undefined
  );
}
