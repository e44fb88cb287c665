// A job as BullMQ keeps it: JSON, which BullMQ parses anyway, and the few options that BullMQ itself acts
// on.
import type { AdmittedJob } from '../admit-job.js';
import { textOfJob } from '../job-json.js';
import { DEFAULT_DEDUPE_TTL_MS } from '../job.js';
import { bullJobId, plainJobId } from './redis-keys.js';

/** BullMQ's priorities: lower numbers first, from 1. 0 would be a queue of its own before all. */
const PRIORITY_OF_ZERO = 101;

/** The arguments of the enqueue script for one job. */
export function enqueueArguments({ job }: AdmittedJob): (string | number)[] {
  return [
    bullJobId(job.id),
    'flow',
    textOfJob(job, plainJobId(bullJobId(job.id))),
    // Attempts and delays are ours.
    '{}',
    PRIORITY_OF_ZERO - job.priority,
    job.partition ?? '',
    job.dedupeKey ?? '',
    Math.ceil(job.dedupeTtlMs ?? DEFAULT_DEDUPE_TTL_MS),
    Math.ceil(job.notBefore ?? 0),
    job.id,
  ];
}
