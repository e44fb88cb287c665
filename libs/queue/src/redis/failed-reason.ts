// Why a job is a dead letter, as BullMQ keeps it: JSON in the text of its `failedReason`.
import { isMap } from '../is-map.js';
import type { DeadLetter, JobFault } from '../job.js';

export interface FailedReason {
  readonly cause: DeadLetter['cause'];
  readonly reason: JobFault;
  readonly attempts: number;
}

export function failedReasonText({ cause, reason, attempts }: FailedReason): string {
  return JSON.stringify({ cause, code: reason.code, message: reason.message, attempts });
}

/** Reads it back. Where BullMQ itself has failed the job, its text is the message. */
export function parseFailedReason(text: string, attempts: number): FailedReason {
  try {
    const read: unknown = JSON.parse(text);
    if (isMap(read) && typeof read['cause'] === 'string') {
      const { cause, code, message } = read as Record<string, string>;
      return {
        cause: cause as DeadLetter['cause'],
        reason: { code: String(code), message: String(message) },
        attempts: Number(read['attempts']),
      };
    }
  } catch {
    // Not ours.
  }
  return { cause: 'rejected', reason: { code: 'QUE206', message: text }, attempts };
}
