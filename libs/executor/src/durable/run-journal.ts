// The journal of one execution, as the executor sees it: what it appends, what it finds after a crash,
// and when it must wait for the disk. Where the records are kept is the business of whoever gives it.
import type { Value } from '@basalt/ir';

/** Names one invocation of one execution, the same after every restart: BLAKE3-256 in hex over the
 * canonical form of [alias, scope, hash of the input, occurrence]. `scope` says which item, pass or
 * emission the message belongs to; `occurrence` counts equal messages of one node and scope. Two
 * invocations with the same key are interchangeable, in whatever order they are started. */
export type InvocationKey = string;

/** Findings as they are kept: enough to show them and to fail again in the same way. */
export interface RecordedFinding {
  readonly code: string;
  readonly message: string;
  readonly severity: string;
}

/** What undoing an invocation needs. `within` leads from the outermost flow to the execution that it
 * belongs to: one entry a subflow, with the alias of its node and the scope of its execution. */
export interface RecordedUndo {
  readonly input: Value;
  readonly within: readonly { readonly alias: string; readonly scope: string }[];
}

/** An event for a wait that somebody gave durably, under an id of theirs. */
export interface JournaledEvent {
  readonly id: string;
  readonly checkpoint: string;
  readonly correlation: Value;
  readonly event: Value;
  readonly at: number;
}

/** What is appended while an execution runs, in the order of events. Times are milliseconds since the
 * epoch on the clock of the execution. Keys are InvocationKeys. */
export type RunRecord =
  /** An effectful handler is about to be called; on disk before it is. */
  | {
      readonly kind: 'attempt';
      readonly key: InvocationKey;
      readonly alias: string;
      readonly attempt: number;
      readonly idempotencyKey?: string | undefined;
      readonly at: number;
    }
  /** One value that a handler sent before its end; index counts from 0. */
  | {
      readonly kind: 'emitted';
      readonly key: InvocationKey;
      readonly alias: string;
      readonly index: number;
      readonly value: Value;
      readonly at: number;
    }
  /** The invocation has put out what it had to. `output` is absent where it returned nothing.
   * `completes` is the key of the delivery ledger that becomes done in the same commit. `undo` is there
   * where the node has a compensator: what that needs after a restart. */
  | {
      readonly kind: 'result';
      readonly key: InvocationKey;
      readonly alias: string;
      readonly attempt: number;
      readonly input: string;
      readonly output?: Value | undefined;
      readonly emitted: number;
      readonly completes?: string | undefined;
      readonly undo?: RecordedUndo | undefined;
      readonly at: number;
    }
  /** An attempt has failed; `retryAt` where another one follows. `reason` is the text that error
   * handlers are given, which the message of the finding may only contain. */
  | {
      readonly kind: 'failure';
      readonly key: InvocationKey;
      readonly alias: string;
      readonly attempt: number;
      readonly errorKind: string;
      readonly reason: string;
      readonly finding: RecordedFinding;
      readonly retryAt?: number | undefined;
      readonly at: number;
    }
  /** The message ended without its handler: a duplicate, or its outcome is unknown and its edge lets
   * it go. */
  | {
      readonly kind: 'dropped';
      readonly key: InvocationKey;
      readonly alias: string;
      readonly reason: 'duplicate' | 'unknown';
      readonly at: number;
    }
  /** A message has come to the window, zip, merge, join or batch at the entry of `alias`, where it
   * counts which one came first. `scope` is that of its execution (empty but for subflows). */
  | {
      readonly kind: 'arrived';
      readonly key: InvocationKey;
      readonly alias: string;
      readonly scope: string;
      readonly at: number;
    }
  /** A message waits for an event; `due` where it does so for a limited time. */
  | {
      readonly kind: 'waiting';
      readonly key: InvocationKey;
      readonly checkpoint: string;
      readonly correlation: Value;
      readonly due?: number | undefined;
      readonly at: number;
    }
  /** The event came, or the time was over. `eventId` is that of a `JournaledEvent`. */
  | {
      readonly kind: 'resumed';
      readonly key: InvocationKey;
      readonly checkpoint: string;
      readonly event?: Value | undefined;
      readonly eventId?: string | undefined;
      readonly timedOut: boolean;
      readonly at: number;
    }
  /** The execution has failed and what it did is being undone. `scope` names the execution of a
   * subflow; empty for the whole. */
  | {
      readonly kind: 'compensating';
      readonly scope: string;
      readonly cause: RecordedFinding;
      readonly at: number;
    }
  | {
      readonly kind: 'compensated';
      readonly key: InvocationKey;
      readonly alias: string;
      readonly ok: boolean;
      readonly at: number;
    }
  /** The outcome; nothing follows. */
  | {
      readonly kind: 'ended';
      readonly status: 'completed' | 'failed' | 'cancelled';
      readonly output?: Value | undefined;
      readonly findings: readonly RecordedFinding[];
      readonly at: number;
    };

/** The answer to a reservation in the delivery ledger.
 * - first: nobody has this key; it is now held by `owner`.
 * - own: `owner` holds it since before a crash, and has not completed it.
 * - done: a message with this key was completed; `input` is the hash of its input.
 * - held: another execution holds it and may still complete or fail. */
export type Reservation =
  | { readonly state: 'first' | 'own' }
  | { readonly state: 'done'; readonly input: string }
  | { readonly state: 'held'; readonly owner: string };

/** Calls that go through a durable step of the host in place of records, where the host keeps its own
 * journal (Restate): `call` is not made again where its result is known. What it gives is a Value that
 * only the executor reads: {emitted, output?}, or {failure} of an attempt that has failed. */
export type DurableStep = (
  step: { readonly key: InvocationKey; readonly alias: string; readonly attempt: number },
  call: () => Promise<Value | undefined>,
) => Promise<Value | undefined>;

/** The journal of one execution, open for appending by one owner. */
export interface RunJournal {
  readonly runId: string;
  /** What was appended before, in order; empty for a new execution. */
  readonly history: readonly RunRecord[];
  /** When the execution was first started, milliseconds since the epoch: deadlines count from here. */
  readonly startedAt: number;
  /** Takes a record into the next commit. Never throws: what goes wrong is told by `flush`. */
  append(record: RunRecord): void;
  /** Resolves when everything that was appended before the call is on disk.
   * @throws DiagnosticError when it cannot be written; the execution must then stop without acting. */
  flush(): Promise<void>;
  /** Holds a key of the delivery ledger for this execution, durably, for `ttlMs` milliseconds from its
   * completion. @param input hash of the message's value, to tell repeats from collisions. */
  reserve(key: string, input: string, ttlMs: number): Promise<Reservation>;
  /** Gives a held key back: the message has failed for good. Part of the next commit. */
  release(key: string): void;
  readonly step?: DurableStep | undefined;
  /** Calls back with each event that came from outside and that no `resumed` record names: with those
   * that are there before it returns (an execution with nothing else to do is parked at once), and with
   * those that come later. The executor keeps one until a message waits for it. */
  onEvent?(listener: (event: JournaledEvent) => void): void;
}
