// What a journal holds when an execution is taken up again, found by invocation. Each invocation takes
// its part out, so that what is left at the end was never asked for.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { InvocationKey, RecordedFinding, RunRecord } from './run-journal.js';

type RecordOf<K extends RunRecord['kind']> = Extract<RunRecord, { readonly kind: K }>;

export type EmittedRecord = RecordOf<'emitted'>;
export type ResultRecord = RecordOf<'result'>;
export type FailureRecord = RecordOf<'failure'>;
export type AttemptRecord = RecordOf<'attempt'>;
export type DroppedRecord = RecordOf<'dropped'>;
export type EndedRecord = RecordOf<'ended'>;
export type ResumedRecord = RecordOf<'resumed'>;

/** What is known of one invocation. */
export interface PastInvocation {
  readonly alias: string;
  readonly emitted: EmittedRecord[];
  /** The last attempt that was begun and of which nothing more is known. */
  attempt: AttemptRecord | undefined;
  /** The last attempt that failed, as long as no result followed. */
  failure: FailureRecord | undefined;
  result: ResultRecord | undefined;
  dropped: DroppedRecord | undefined;
}

/** What is known of one wait. */
export interface PastWait {
  readonly due: number | undefined;
  resumed: ResumedRecord | undefined;
}

export class RunHistory {
  /** Number of records. */
  readonly size: number;
  /** By intake (`arrivalsOf`): the keys of what came, in order. */
  readonly arrivals = new Map<string, InvocationKey[]>();
  /** Executions that are being undone, by scope; the whole has the empty one. */
  readonly compensating = new Map<string, RecordedFinding>();
  readonly compensated = new Set<InvocationKey>();
  /** What can be undone, in order of completion. */
  readonly undoable: ResultRecord[] = [];
  readonly aliases = new Set<string>();
  /** Keys of the delivery ledger and the invocations that were begun under them. */
  readonly holders = new Map<string, InvocationKey>();
  ended: EndedRecord | undefined = undefined;
  readonly #invocations = new Map<InvocationKey, PastInvocation>();
  readonly #waits = new Map<InvocationKey, PastWait>();

  /** O(records). @throws DiagnosticError DUR104 at the first record that cannot follow those before. */
  constructor(records: readonly RunRecord[]) {
    this.size = records.length;
    for (const [position, record] of records.entries()) {
      const problem = this.ended === undefined ? this.#add(record) : 'it follows the end';
      if (problem !== undefined) throw unfit(`record ${position} (${record.kind}): ${problem}`);
    }
  }

  /** What is known of the invocation, once. */
  take(key: InvocationKey): PastInvocation | undefined {
    const past = this.#invocations.get(key);
    if (past !== undefined) this.#invocations.delete(key);
    return past;
  }

  takeWait(key: InvocationKey): PastWait | undefined {
    const past = this.#waits.get(key);
    if (past !== undefined) this.#waits.delete(key);
    return past;
  }

  /** Aliases of invocations with a result that nobody has taken. */
  untaken(): readonly string[] {
    const left = [...this.#invocations.values()].filter((past) => past.result !== undefined);
    return [...new Set(left.map(({ alias }) => alias))].sort();
  }

  /** Adds a record, or says why it cannot follow those before. */
  #add(record: RunRecord): string | undefined {
    if ('alias' in record) this.aliases.add(record.alias);
    switch (record.kind) {
      case 'attempt':
      case 'emitted':
      case 'result':
      case 'failure':
      case 'dropped':
        return this.#addTo(this.#of(record.key, record.alias), record);
      case 'arrived': {
        const intake = intakeName(record.scope, record.alias);
        const keys = this.arrivals.get(intake);
        if (keys === undefined) this.arrivals.set(intake, [record.key]);
        else keys.push(record.key);
        return undefined;
      }
      case 'waiting':
        if (this.#waits.has(record.key)) return 'the wait began before';
        this.#waits.set(record.key, { due: record.due, resumed: undefined });
        return undefined;
      case 'resumed': {
        const wait = this.#waits.get(record.key);
        if (wait === undefined || wait.resumed !== undefined) return 'nothing waits for it';
        wait.resumed = record;
        return undefined;
      }
      case 'compensating':
        this.compensating.set(record.scope, record.cause);
        return undefined;
      case 'compensated':
        this.compensated.add(record.key);
        return undefined;
      case 'ended':
        this.ended = record;
        return undefined;
      default:
        return `the kind ${JSON.stringify((record as { kind: unknown }).kind)} is unknown`;
    }
  }

  #addTo(
    past: PastInvocation,
    record: AttemptRecord | EmittedRecord | ResultRecord | FailureRecord | DroppedRecord,
  ): string | undefined {
    if (past.alias !== record.alias) return `its key belongs to ${past.alias}`;
    if (past.result !== undefined || past.dropped !== undefined) return 'its invocation was over';
    switch (record.kind) {
      case 'attempt':
        if (record.idempotencyKey !== undefined) {
          this.holders.set(record.idempotencyKey, record.key);
        }
        past.attempt = record;
        return undefined;
      case 'emitted':
        if (record.index !== past.emitted.length) {
          return `its index is ${record.index} and not ${past.emitted.length}`;
        }
        past.emitted.push(record);
        return undefined;
      case 'failure':
        if (record.retryAt === undefined) this.#giveBack(past.attempt);
        past.failure = record;
        past.attempt = undefined;
        return undefined;
      case 'result':
        if (record.emitted !== past.emitted.length) {
          return `${record.emitted} values were sent and ${past.emitted.length} are there`;
        }
        past.result = record;
        if (record.completes !== undefined) this.holders.delete(record.completes);
        if (record.undo !== undefined) this.undoable.push(record);
        return undefined;
      case 'dropped':
        past.dropped = record;
        return undefined;
    }
  }

  /** What has failed for good holds no key. */
  #giveBack(attempt: AttemptRecord | undefined): void {
    if (attempt?.idempotencyKey !== undefined) this.holders.delete(attempt.idempotencyKey);
  }

  #of(key: InvocationKey, alias: string): PastInvocation {
    let past = this.#invocations.get(key);
    if (past === undefined) {
      past = {
        alias,
        emitted: [],
        attempt: undefined,
        failure: undefined,
        result: undefined,
        dropped: undefined,
      };
      this.#invocations.set(key, past);
    }
    return past;
  }
}

/** Names the intake of a node in one execution. */
export function intakeName(scope: string, alias: string): string {
  return `${scope}|${alias}`;
}

/** DUR104: the journal cannot be that of this execution. */
export function unfit(problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.DUR104({ problem })]);
}
