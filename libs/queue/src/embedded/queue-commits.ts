// Gathers what is asked of a queue into transactions: one at a time, with everything that is asked for
// until it begins. At its end idle workers are given jobs in the same transaction, so that a job whose
// producer sits in the same process is taken as it comes, with one flush to disk for both.
import type { TableStore } from '@basalt/capabilities';
import { DiagnosticError } from '@basalt/diagnostics';
import type { QueueTransaction } from './queue-transaction.js';

export interface CommitHooks<Result> {
  /** A transaction on what is committed. */
  begin(tables: Parameters<Parameters<TableStore['transact']>[2]>[0]): QueueTransaction;
  /** Ends a transaction, after everything that was asked for; changes nothing but the tables. */
  finish(tx: QueueTransaction): Result;
  /** The transaction is on disk. */
  committed(result: Result): void;
}

interface Request {
  readonly call: string;
  /** What it adds to the disk; 0 for what only moves or removes. */
  readonly bytes: number;
  readonly run: (tx: QueueTransaction) => unknown;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly requests: Request[];
  /** Bytes that may still be added to it. */
  room: number;
  begun: boolean;
}

/** Space that each transaction sets aside for requests that join it. */
const ROOM_BYTES = 512 * 2 ** 10;
const FULL_DISK = 'CAP107';

export class QueueCommits<Result> {
  readonly #store: TableStore;
  readonly #hooks: CommitHooks<Result>;
  #batch: Batch | undefined;
  #waiting: Request[] = [];
  #idle: (() => void)[] = [];

  constructor(store: TableStore, hooks: CommitHooks<Result>) {
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Runs something in the next transaction; resolves with its answer when that is on disk. `run` may
   * be run a second time and must change nothing but the tables. */
  request<T>(call: string, bytes: number, run: (tx: QueueTransaction) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#add({ call, bytes, run, resolve: resolve as (answer: unknown) => void, reject });
    });
  }

  /** Resolves when nothing is asked for any more. */
  idle(): Promise<void> {
    if (this.#batch === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #add(request: Request): void {
    const batch = this.#batch;
    if (batch === undefined) {
      void this.#commit([request], request.bytes + ROOM_BYTES);
    } else if (!batch.begun && this.#waiting.length === 0 && request.bytes <= batch.room) {
      batch.requests.push(request);
      batch.room -= request.bytes;
    } else {
      this.#waiting.push(request);
    }
  }

  async #commit(requests: Request[], bytes: number): Promise<void> {
    const room = bytes - requests.reduce((sum, request) => sum + request.bytes, 0);
    const batch: Batch = { requests, room: Math.max(0, room), begun: false };
    this.#batch = batch;
    try {
      const { answers, result } = await this.#store.transact(requests[0]!.call, bytes, (tables) => {
        batch.begun = true;
        const tx = this.#hooks.begin(tables);
        const done = batch.requests.map((request) => request.run(tx));
        const ended = this.#hooks.finish(tx);
        tx.finish();
        return { answers: done, result: ended };
      });
      this.#hooks.committed(result);
      for (const [i, request] of batch.requests.entries()) request.resolve(answers[i]);
      this.#next([]);
    } catch (error) {
      this.#failed(batch, error, bytes);
    }
  }

  /** A full disk refuses what adds to it, and lets the rest go on; after another failure each request
   * is tried alone, so that only the guilty one fails. */
  #failed({ requests }: Batch, error: unknown, bytes: number): void {
    const full = error instanceof DiagnosticError && error.diagnostic.code === FULL_DISK;
    if (full && bytes > 0) {
      for (const request of requests) if (request.bytes > 0) request.reject(error);
      const rest = requests.filter((request) => request.bytes === 0);
      if (rest.length > 0) {
        void this.#commit(rest, 0);
        return;
      }
      this.#next([]);
      return;
    }
    if (requests.length === 1) {
      requests[0]!.reject(error);
      this.#next([]);
      return;
    }
    this.#next(requests.map((request) => [request]));
  }

  #next(alone: readonly (readonly Request[])[]): void {
    if (alone.length > 0) {
      void this.#alone(alone.flat());
      return;
    }
    this.#batch = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const request of waiting) this.#add(request);
    if (this.#batch !== undefined) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  async #alone(requests: readonly Request[]): Promise<void> {
    for (const request of requests) {
      this.#batch = { requests: [request], room: 0, begun: true };
      try {
        const { answer, result } = await this.#store.transact(
          request.call,
          request.bytes,
          (tables) => {
            const tx = this.#hooks.begin(tables);
            const done = request.run(tx);
            const ended = this.#hooks.finish(tx);
            tx.finish();
            return { answer: done, result: ended };
          },
        );
        this.#hooks.committed(result);
        request.resolve(answer);
      } catch (error) {
        request.reject(error);
      }
    }
    this.#next([]);
  }
}
