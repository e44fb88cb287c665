// A job as JSON, for queues whose engine keeps JSON anyway. It has no checksum: those engines have their
// own against torn disks, and checking twice costs a tenth of all that BullMQ does for a job.
import { DiagnosticError } from '@basalt/diagnostics';
import { checkValue, valueFromJson, valueToJson, type Json, type Value } from '@basalt/ir';
import { isMap } from './is-map.js';
import { DEFAULT_BACKOFF, DEFAULT_MAX_ATTEMPTS, type Job } from './job.js';

/** Raised with every change of the form that an older release would misread. In the first one nothing
 * was left out but the backoff. */
const VERSION = 2;
const FIRST_VERSION = 1;

/** The text of a job; what is as it is by default is left out. `plain` says that its JSON is the value
 * itself: without bytes, big integers and other things that JSON has to write in another way.
 * @param keptId an id that is kept beside the text, and is left out of it where it is that of the job. */
export function textOfJob(job: Job, keptId?: string): string {
  const { id, backoff, maxAttempts, priority, ...rest } = job;
  const kept = {
    ...rest,
    ...(id === keptId ? {} : { id }),
    ...(backoff === DEFAULT_BACKOFF ? {} : { backoff }),
    ...(maxAttempts === DEFAULT_MAX_ATTEMPTS ? {} : { maxAttempts }),
    ...(priority === 0 ? {} : { priority }),
  };
  const text = JSON.stringify(valueToJson(kept as unknown as Value));
  return `{"v":${VERSION},"plain":${!text.includes('"$')},"job":${text}}`;
}

/** The job of what BullMQ gives as data, or what is wrong with it, in words. Never throws.
 * @param keptId as with `textOfJob`. */
export function jobOfData(
  data: unknown,
  keptId?: string,
): { readonly job: Job } | { readonly problem: string } {
  if (!isMap(data)) return { problem: 'its data is no map' };
  const { v, plain, job: stored } = data;
  if (v === undefined) return { problem: 'its data is not that of a job' };
  if (v !== VERSION && v !== FIRST_VERSION) {
    return { problem: `its version is ${JSON.stringify(v)}, and this release reads ${VERSION}` };
  }
  try {
    const job = plain === true ? stored : valueFromJson(stored as Json);
    if (!isMap(job)) return { problem: 'it holds no job' };
    // The object is of our making.
    const filled = job as { -readonly [name in keyof Job]?: Job[name] };
    if (keptId !== undefined) filled.id ??= keptId;
    filled.backoff ??= DEFAULT_BACKOFF;
    filled.maxAttempts ??= DEFAULT_MAX_ATTEMPTS;
    filled.priority ??= 0;
    if (!isJob(filled)) return { problem: 'it holds no job' };
    const fault = plain === true ? checkValue(filled.payload) : undefined;
    if (fault !== undefined) return { problem: `its payload is no value: ${fault.reason}` };
    return { job: filled };
  } catch (error) {
    const [finding] = error instanceof DiagnosticError ? error.diagnostics : [];
    return { problem: finding?.message ?? String(error) };
  }
}

/** The same for the text in Redis. */
export function jobOfText(text: string | undefined, keptId?: string) {
  try {
    return jobOfData(JSON.parse(text ?? ''), keptId);
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
