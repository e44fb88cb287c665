// Checks a job at the door of a queue, and fills in what its producer left open: the same for every
// backend, so that a job which one takes is taken by all.
import { randomUUID } from 'node:crypto';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { checkValue } from '@basalt/ir';
import { isMap } from './is-map.js';
import { encodeJob } from './job-record.js';
import {
  DEFAULT_BACKOFF,
  DEFAULT_MAX_ATTEMPTS,
  type Backoff,
  type Job,
  type NewJob,
} from './job.js';
import { nameProblem } from './name-problem.js';

/** Largest job, in bytes of its record, where the queue sets no other limit: 1 MiB. */
export const DEFAULT_MAX_JOB_BYTES = 2 ** 20;
const MAX_ATTEMPTS = 1_000;
const MAX_PRIORITY = 100;
/** Beyond this no Date can be made. */
const MAX_TIME = 8.64e15;
/** In bytes; a run, whose id is made from that of its job, may have a few more. */
const MAX_NAME = 1_000;

/** A job that was let in, and its record. */
export interface AdmittedJob {
  readonly job: Job;
  readonly record: Uint8Array;
}

/** Checks a job and makes its record. @param now milliseconds since the epoch.
 * @throws DiagnosticError QUE101 where it is not valid, QUE102 where it is too large. */
export function admitJob(
  given: NewJob,
  now: number,
  maxJobBytes = DEFAULT_MAX_JOB_BYTES,
): AdmittedJob {
  const problem = problemOf(given);
  const shown = typeof given?.id === 'string' ? given.id : 'without an id';
  if (problem !== undefined) {
    throw new DiagnosticError([diagnostic.QUE101({ job: shown, problem })]);
  }
  const job: Job = {
    ...defined(given),
    flow: given.flow,
    flowName: given.flowName,
    payload: given.payload,
    id: given.id ?? randomUUID(),
    enqueuedAt: now,
    maxAttempts: given.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    priority: given.priority ?? 0,
    backoff: given.backoff ?? DEFAULT_BACKOFF,
  };
  const record = encodeJob(job);
  if (record.byteLength > maxJobBytes) {
    const params = { job: job.id, bytes: record.byteLength, limit: maxJobBytes };
    throw new DiagnosticError([diagnostic.QUE102(params)]);
  }
  return { job, record };
}

/** Members that are known and not undefined. */
function defined(given: NewJob): Partial<NewJob> {
  const kept: Record<string, unknown> = {};
  for (const name of OPTIONAL) if (given[name] !== undefined) kept[name] = given[name];
  return kept;
}

const OPTIONAL = [
  'trigger',
  'capture',
  'deadlineMs',
  'labels',
  'extensions',
  'dedupeKey',
  'dedupeTtlMs',
  'partition',
  'notBefore',
] as const;

function problemOf(given: unknown): string | undefined {
  if (!isMap(given)) return 'it is not an object';
  const job = given as { readonly [K in keyof NewJob]?: unknown };
  const fault = checkValue(job.payload);
  if (fault !== undefined) return `its payload is no value at "${fault.path}": ${fault.reason}`;
  return (
    textProblem('flow', job.flow, true) ??
    textProblem('flowName', job.flowName, true) ??
    textProblem('id', job.id, false) ??
    textProblem('trigger', job.trigger, false) ??
    textProblem('capture', job.capture, false) ??
    textProblem('dedupeKey', job.dedupeKey, false) ??
    textProblem('partition', job.partition, false) ??
    numberProblem('deadlineMs', job.deadlineMs, 1, MAX_TIME) ??
    numberProblem('dedupeTtlMs', job.dedupeTtlMs, 1, MAX_TIME) ??
    numberProblem('notBefore', job.notBefore, 0, MAX_TIME) ??
    integerProblem('priority', job.priority, -MAX_PRIORITY, MAX_PRIORITY) ??
    integerProblem('maxAttempts', job.maxAttempts, 1, MAX_ATTEMPTS) ??
    backoffProblem(job.backoff) ??
    labelsProblem(job.labels) ??
    extensionsProblem(job.extensions)
  );
}

function textProblem(name: string, text: unknown, required: boolean): string | undefined {
  if (text === undefined && !required) return undefined;
  const problem = nameProblem(text, MAX_NAME);
  return problem === undefined ? undefined : `${name} ${problem}`;
}

function numberProblem(
  name: string,
  given: unknown,
  least: number,
  most: number,
): string | undefined {
  if (given === undefined) return undefined;
  const fits = typeof given === 'number' && given >= least && given <= most;
  return fits ? undefined : `${name} is no number from ${least} to ${most}`;
}

function integerProblem(
  name: string,
  given: unknown,
  least: number,
  most: number,
): string | undefined {
  if (given === undefined || Number.isInteger(given)) {
    return numberProblem(name, given, least, most);
  }
  return `${name} is no whole number from ${least} to ${most}`;
}

function backoffProblem(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (!isMap(given)) return 'backoff is not an object';
  const { baseMs, factor, maxMs, jitter, ...rest } = given as unknown as Backoff;
  const [foreign] = Object.keys(rest);
  if (foreign !== undefined) return `backoff has no member ${foreign}`;
  const values = [baseMs, factor, maxMs, jitter];
  if (values.some((value) => typeof value !== 'number')) {
    return 'backoff needs the numbers baseMs, factor, maxMs and jitter';
  }
  return (
    numberProblem('backoff.baseMs', baseMs, 0, MAX_TIME) ??
    numberProblem('backoff.factor', factor, 1, 1_000) ??
    numberProblem('backoff.maxMs', maxMs, 0, MAX_TIME) ??
    numberProblem('backoff.jitter', jitter, 0, 1)
  );
}

function labelsProblem(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (checkValue(given) !== undefined || !isMap(given)) return 'labels are no map of texts';
  const texts = Object.values(given).every((label) => typeof label === 'string');
  return texts ? undefined : 'labels are no map of texts';
}

function extensionsProblem(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  return checkValue(given) === undefined && isMap(given)
    ? undefined
    : 'extensions are no map of values';
}
