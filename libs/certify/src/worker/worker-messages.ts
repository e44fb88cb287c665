// What a worker process and the certifying process say to each other.
import type { WorldCall } from '../world/effect-call.js';

/** Where jobs and journals of a case are kept. */
export type CasePlace =
  | { readonly backend: 'embedded'; readonly folder: string }
  | {
      readonly backend: 'redis';
      readonly url: string;
      readonly password?: string | undefined;
      /** Of the queue and of the journal. */
      readonly name: string;
    };

/** To a worker. */
export type ToWorker =
  | { readonly kind: 'open'; readonly place: CasePlace }
  /** The answer to a call or a point; one with an error rejects. */
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly value?: unknown;
      readonly error?: string;
    }
  /** Closes the stores of the case; what is at work is interrupted. */
  | { readonly kind: 'close' };

/** Records that a run has appended and that are about to be, or now are, on disk. */
export interface CommitPoint {
  readonly run: string;
  readonly phase: 'before' | 'after';
  /** `kind` and `alias` of each record, in order; the alias is empty for the end of the run. */
  readonly records: readonly { readonly kind: string; readonly alias: string }[];
}

/** From a worker. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'delivered'; readonly job: string; readonly attempt: number }
  | { readonly kind: 'ended'; readonly job: string; readonly outcome: string }
  | { readonly kind: 'call'; readonly id: number; readonly call: WorldCall }
  | { readonly kind: 'commit'; readonly id: number; readonly point: CommitPoint }
  | { readonly kind: 'fault'; readonly text: string }
  | { readonly kind: 'closed' };
