// What a benchmark is: one question, asked of several contenders in the same run.

export interface Contender {
  readonly name: string;
  /** Prepares once; the returned function performs `operations` operations and is timed. It must check
   * its own result the first time: a fast wrong answer is no answer. */
  setup(): Promise<() => Promise<void> | void>;
}

export interface BenchCase {
  readonly name: string;
  /** What one operation is, such as "node" or "item". */
  readonly operation: string;
  readonly about: string;
  /** Operations in one timed batch. */
  readonly operations: number;
  /** Batches a contender, after one that is not counted. */
  readonly rounds: number;
  /** The first is ours; ratios are given against each of the others. */
  readonly contenders: readonly Contender[];
}

/** A case that prints facts of its own, such as memory over time. */
export interface ReportCase {
  readonly name: string;
  readonly about: string;
  report(): Promise<readonly string[]>;
}
