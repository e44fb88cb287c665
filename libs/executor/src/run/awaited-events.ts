// Messages that wait at a checkpoint for an event from outside: a person, a webhook, another system.
// Each is found by its checkpoint and the value of its correlation key.
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { AwaitPlan, EdgePlan } from '../plan/exec-plan.js';
import type { FlowRun } from './flow-run.js';
import { AWAITED } from './offer-special.js';
import { Message } from './message.js';
import type { RunTimer } from './run-timers.js';
import { isDropped, type Scope } from './scope.js';
import { valueKey } from '../structures/value-key.js';

/** An event that an execution waits for. */
export interface WaitingFor {
  readonly checkpointId: string;
  readonly correlationKey: Value;
  readonly input: Value;
  readonly since: number;
}

interface Held extends WaitingFor {
  readonly plan: AwaitPlan;
  readonly edge: EdgePlan;
  readonly scope: Scope;
  timer: RunTimer | undefined;
}

export class AwaitedEvents {
  readonly #run: FlowRun;
  readonly #held = new Map<string, Held[]>();
  #size = 0;

  constructor(run: FlowRun) {
    this.#run = run;
  }

  get size(): number {
    return this.#size;
  }

  list(): readonly WaitingFor[] {
    return [...this.#held.values()]
      .flat()
      .map(({ checkpointId, correlationKey, input, since }) => ({
        checkpointId,
        correlationKey,
        input,
        since,
      }));
  }

  /** Keeps a message that would have gone along `edge`; its scope stays open. */
  hold(plan: AwaitPlan, edge: EdgePlan, value: Value, scope: Scope): void {
    const run = this.#run;
    const correlationKey = plan.correlation(value);
    if (correlationKey === undefined) {
      run.fail(
        diagnostic.RUN120({
          kind: 'await',
          surface: plan.surface,
          node: edge.ir.from,
          problem: 'its correlation key is not there',
        }),
      );
      return;
    }
    const held: Held = {
      checkpointId: plan.checkpointId,
      correlationKey,
      input: value,
      since: run.now(),
      plan,
      edge,
      scope,
      timer: undefined,
    };
    const key = keyOf(plan.checkpointId, correlationKey);
    const queue = this.#held.get(key) ?? [];
    this.#held.set(key, queue);
    queue.push(held);
    this.#size += 1;
    if (plan.timeoutMs > 0) {
      held.timer = run.timers.set(plan.timeoutMs, () => this.#timedOut(key, held));
    }
    run.observer?.waiting?.(run, plan.checkpointId, valueKey(correlationKey), value);
  }

  /** Gives an event to the message that waits longest for it; false where none does, or where the
   * event does not match its schema. */
  resume(checkpointId: string, correlationKey: Value, event: Value): boolean {
    const run = this.#run;
    const key = keyOf(checkpointId, correlationKey);
    const held = this.#held.get(key)?.[0];
    if (held === undefined || run.isStopping) return false;
    const problem = held.plan.checkEvent?.(event);
    if (problem !== undefined) {
      run.ending.note(diagnostic.RUN131({ checkpoint: checkpointId, problem }));
      return false;
    }
    this.#remove(key, held);
    run.observer?.resumed?.(run, checkpointId, valueKey(correlationKey), event);
    this.#pass(held, held.edge, { event, input: held.input });
    run.drainSoon();
    return true;
  }

  /** Nothing else is left to do. */
  suspended(): void {
    const run = this.#run;
    if (run.host.onSuspended !== 'fail') return;
    const first = this.list()[0]!;
    run.fail(
      diagnostic.RUN130({
        checkpoint: first.checkpointId,
        key: JSON.stringify(first.correlationKey, (_, part: unknown) =>
          typeof part === 'bigint' ? String(part) : part,
        ),
      }),
    );
  }

  clear(): void {
    this.#held.clear();
    this.#size = 0;
  }

  #timedOut(key: string, held: Held): void {
    const run = this.#run;
    held.timer = undefined;
    this.#remove(key, held);
    const { onTimeout, timeoutMs, checkpointId } = held.plan;
    if (onTimeout !== undefined) {
      this.#pass(held, onTimeout, { input: held.input });
      return;
    }
    const what = `The wait at checkpoint ${checkpointId}`;
    run.fail(diagnostic.TIME015({ what, timeout_ms: timeoutMs }));
  }

  #pass(held: Held, edge: EdgePlan, value: Value): void {
    const run = this.#run;
    const message = new Message(value, held.scope, edge);
    if (run.anyDropped && isDropped(held.scope)) run.discard(message);
    // The count of its scope came with the message that was held.
    else run.edge(edge).offer(message, AWAITED);
  }

  #remove(key: string, held: Held): void {
    const queue = this.#held.get(key)!;
    queue.splice(queue.indexOf(held), 1);
    if (queue.length === 0) this.#held.delete(key);
    this.#size -= 1;
    if (held.timer !== undefined) this.#run.timers.cancel(held.timer);
  }
}

function keyOf(checkpointId: string, correlationKey: Value): string {
  return `${checkpointId.length}:${checkpointId}${valueKey(correlationKey)}`;
}
