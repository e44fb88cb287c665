// Gathers messages into lists for a node with `concurrency.batch`. A list is handed over when it is
// full, when its first message has waited for `batch_wait_ms`, or when nothing more can come.
import type { Value } from '@basalt/ir';
import type { FlowRun } from './flow-run.js';
import { Message } from './message.js';
import type { NodeRun } from './node-run.js';
import type { RunTimer } from './run-timers.js';
import type { Scope } from './scope.js';

export class BatchIntake {
  readonly #run: FlowRun;
  readonly #node: NodeRun;
  #parts: Message[] = [];
  #timer: RunTimer | undefined = undefined;

  constructor(run: FlowRun, node: NodeRun) {
    this.#run = run;
    this.#node = node;
  }

  accept(message: Message): void {
    this.#parts.push(message);
    const { batch, batchWaitMs } = this.#node.plan;
    if (this.#parts.length >= batch) this.#flush();
    else if (batchWaitMs > 0 && this.#timer === undefined) this.#startTimer(batchWaitMs);
  }

  /** The time was over before a restart, and is again. */
  expire(): void {
    if (this.#parts.length > 0) this.#flush();
  }

  /** @param holds false where the execution may find out meanwhile that nothing moves any more */
  #startTimer(ms: number, holds = true): void {
    const late = () => {
      this.#timer = undefined;
      const { arrivals } = this.#node;
      if (arrivals?.isReplaying) {
        this.#startTimer(ms, false);
        return;
      }
      arrivals?.expired('');
      this.#flush();
    };
    this.#timer = this.#run.timers.set(ms, late, holds);
  }

  /** Nothing more can come: hands over what there is. */
  drain(): boolean {
    if (this.#parts.length === 0) return false;
    this.#flush();
    return true;
  }

  #flush(): void {
    const parts = this.#parts;
    this.#parts = [];
    if (this.#timer !== undefined) this.#run.timers.cancel(this.#timer);
    this.#timer = undefined;
    const list: Value = parts.map((part) => part.value);
    const scope = commonScope(parts.map((part) => part.scope));
    scope.live += 1;
    const message = new Message(list, scope, parts[0]!.edge);
    message.extra = { parts };
    this.#node.admit(message);
  }
}

/** The innermost scope that all of these lie in. */
export function commonScope(scopes: readonly Scope[]): Scope {
  let common = scopes[0]!;
  for (const scope of scopes) {
    while (!contains(common, scope)) common = common.parent!;
  }
  return common;
}

function contains(outer: Scope, inner: Scope): boolean {
  for (let at: Scope | undefined = inner; at !== undefined; at = at.parent) {
    if (at === outer) return true;
  }
  return false;
}
