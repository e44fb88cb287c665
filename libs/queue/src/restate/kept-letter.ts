// Dead letters as Restate keeps them.
import type { DeadLetter } from '../job.js';

/** A dead letter as it is kept: the job as JSON, and why. */
export interface KeptLetter {
  readonly data: unknown;
  readonly id: string;
  readonly cause: DeadLetter['cause'];
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly diedAt: number;
}

/** What the failure of an invocation begins with whose job is a dead letter. */
export const PUT_ASIDE = 'put aside';
