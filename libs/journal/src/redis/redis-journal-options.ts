// What a store of journals in Redis is opened with.

/** Options of `openRedisJournal`. */
export interface RedisJournalOptions {
  /** Such as `redis://127.0.0.1:6379/0`, or `rediss://...` with TLS; without a password. */
  readonly url: string;
  readonly password?: string | undefined;
  /** Stores of other names in the same database are apart; `runs` when absent. */
  readonly name?: string | undefined;
  /** Bytes of the largest record; 16 MiB when absent. */
  readonly maxRecordBytes?: number | undefined;
  /** How long a call may take, reconnecting included, in milliseconds; 5 000 when absent. A commit whose
   * outcome is not known is asked after for six times as long. */
  readonly timeoutMs?: number | undefined;
  /** An owner that shows no life for this long may lose its runs; 15 000 ms when absent. */
  readonly leaseMs?: number | undefined;
  /** The server loses nothing when it is started again, although it does not run with `appendonly yes`
   * and `appendfsync always`: runs that were open then are resumed without JRNL203. */
  readonly trustRestarts?: boolean | undefined;
  /** Milliseconds since the epoch, for what other parties add and for the delivery ledger; the system's
   * when absent. */
  readonly now?: (() => number) | undefined;
}
