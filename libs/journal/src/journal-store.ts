// Where the journals of executions are kept: embedded (LMDB) or in Redis. One process writes one run at
// a time, under a lease; anybody may read.
import type { JournaledEvent, RunJournal, RunRecord } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { PrunePolicy } from './prune-policy.js';

/** What a run was started with. */
export interface RunStart {
  readonly runId: string;
  readonly flow: { readonly id: string; readonly name: string; readonly version: string };
  /** Structural hash of the flow document, to tell whether it has changed since. */
  readonly flowHash: string;
  /** The document itself, so that the run can be compared with a changed flow. Kept once a hash. */
  readonly flowDocument: Value;
  readonly trigger?: string | undefined;
  readonly capture?: string | undefined;
  readonly payload: Value;
  readonly deadlineMs?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly extensions?: Readonly<Record<string, Value>> | undefined;
  readonly deterministic?: { readonly seed: string; readonly startMs: number } | undefined;
  readonly startedAt: number;
}

export type JournaledStatus =
  'running' | 'interrupted' | 'waiting' | 'cancelling' | 'completed' | 'failed' | 'cancelled';

/** One line of a list. `interrupted` has no outcome and no live owner: it can be resumed. */
export interface RunInfo {
  readonly runId: string;
  readonly flowName: string;
  readonly flowId: string;
  readonly flowHash: string;
  readonly status: JournaledStatus;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly records: number;
  readonly bytes: number;
  /** Times that it was taken up again. */
  readonly resumptions: number;
  readonly owner?: string | undefined;
}

export interface RunQuery {
  readonly flow?: string | undefined;
  readonly status?: JournaledStatus | undefined;
  /** Newest first. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface RunPage {
  readonly runs: readonly RunInfo[];
  readonly next?: string | undefined;
}

/** An open journal with its lease. `close` commits and gives the lease back; `lost` is aborted with a
 * DiagnosticError: JRNL008 when another owner has taken over (nothing can be written any more), JRNL009
 * when a cancellation was asked for, JRNL201 when the store in Redis came back without its data. */
export interface OwnedJournal extends RunJournal {
  readonly start: RunStart;
  readonly lost: AbortSignal;
  /** Events that came from outside and that no `resumed` record names; more may come while it is open. */
  onEvent(listener: (event: DeliveredEvent) => void): void;
  close(): Promise<void>;
}

/** An event for a run that waits, given by anybody. */
export type DeliveredEvent = JournaledEvent;

export interface JournalFault {
  readonly runId: string;
  /** The first record that is not good: n for the nth, 0 for the start. */
  readonly at: number;
  readonly reason: string;
  readonly repaired: boolean;
}

/** Every method rejects with a DiagnosticError (JRNL codes). */
export interface JournalStore {
  readonly kind: 'embedded' | 'redis' | 'memory';
  /** Writes the start durably. @throws JRNL code when the id is taken. */
  create(start: RunStart): Promise<OwnedJournal>;
  /** Takes up a run that has not ended. @throws JRNL code when it is unknown, ended, or owned by a
   * live process. */
  open(runId: string): Promise<OwnedJournal>;
  info(runId: string): Promise<RunInfo | undefined>;
  start(runId: string): Promise<RunStart | undefined>;
  records(runId: string): Promise<readonly RunRecord[]>;
  list(query?: RunQuery): Promise<RunPage>;
  /** Asks the owner to cancel; ends a run that nobody owns. */
  cancel(runId: string, reason: string): Promise<'asked' | 'cancelled' | 'ended'>;
  /** Gives a run an event durably; true where the same event id was not known. */
  deliver(runId: string, event: Omit<DeliveredEvent, 'at'>): Promise<boolean>;
  /** Checks every record; with `repair` cuts each damaged run back to its last good record. */
  verify(options?: { readonly repair?: boolean }): Promise<readonly JournalFault[]>;
  /** Removes ended runs older than `endedBefore`, and beyond the newest `keep` of each flow. */
  prune(policy: PrunePolicy): Promise<number>;
  /** Gives space back to the disk. */
  compact(): Promise<{ readonly before: number; readonly after: number }>;
  /** A portable form: a CBOR sequence of runs, checksummed; of all runs when `runIds` is absent. */
  exportRuns(runIds?: readonly string[]): AsyncIterable<Uint8Array>;
  /** Takes runs in that are not known yet; @throws JRNL code at the first bad item, having taken in
   * none of a damaged run. */
  importRuns(chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]>;
  close(): Promise<void>;
}
