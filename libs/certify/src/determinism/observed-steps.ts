// What every invocation of an execution was given and gave, in order.
import type { ObservedInvocation, ObservedRun, RunObserver } from '@basalt/executor';
import { hashValue, type Value } from '@basalt/ir';

/** One invocation that has ended. */
export interface ObservedStep {
  readonly node: string;
  readonly input: Value;
  readonly inputHash: string;
  /** ok, failed, timeout or cancelled. */
  readonly outcome: string;
  /** What it sent, then what it returned. */
  readonly given: readonly Value[];
  /** Hash of outcome and values. */
  readonly hash: string;
  /** What it returned is the last of `given`. */
  readonly returned: boolean;
}

export class ObservedSteps implements RunObserver {
  readonly steps: ObservedStep[] = [];
  readonly #sent = new Map<string, Value[]>();

  emitted(run: ObservedRun, { seq }: ObservedInvocation, value: Value): void {
    const name = `${run.id} ${seq}`;
    const sent = this.#sent.get(name);
    if (sent === undefined) this.#sent.set(name, [value]);
    else sent.push(value);
  }

  nodeEnded(
    run: ObservedRun,
    { seq, alias: node, input }: ObservedInvocation,
    outcome: string,
    output: Value | undefined,
  ): void {
    const name = `${run.id} ${seq}`;
    const sent = this.#sent.get(name) ?? [];
    this.#sent.delete(name);
    const returned = output !== undefined;
    const given = returned ? [...sent, output] : sent;
    const hash = hashValue([outcome, returned, given]);
    this.steps.push({ node, input, inputHash: hashValue(input), outcome, given, hash, returned });
  }
}
