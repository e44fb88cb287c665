// Messages that wait at a checkpoint for an event from outside: a person, a webhook, another system.
// Each is found by its checkpoint and the value of its correlation key.
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { AwaitPlan, EdgePlan } from '../plan/exec-plan.js';
import type { ResumedRecord } from '../durable/run-history.js';
import type { InvocationKey } from '../durable/run-journal.js';
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
  /** The end of the wait, milliseconds since the epoch; undefined where it has none. */
  readonly due: number | undefined;
}

interface Held extends WaitingFor {
  readonly plan: AwaitPlan;
  readonly edge: EdgePlan;
  readonly scope: Scope;
  timer: RunTimer | undefined;
  /** Its key in the journal; undefined without one. */
  readonly journalKey: InvocationKey | undefined;
}

const NOTHING_HELD: ReadonlyMap<string, Held[]> = new Map();

export class AwaitedEvents {
  readonly #run: FlowRun;
  /** Made when it is needed: most executions wait for nothing. */
  #held: Map<string, Held[]> | undefined = undefined;
  #size = 0;

  constructor(run: FlowRun) {
    this.#run = run;
  }

  get size(): number {
    return this.#size;
  }

  list(): readonly WaitingFor[] {
    return [...(this.#held ?? NOTHING_HELD).values()]
      .flat()
      .map(({ checkpointId, correlationKey, input, since, due }) => ({
        checkpointId,
        correlationKey,
        input,
        since,
        due,
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
    const since = run.now();
    const step = run.durable?.waitAt(plan.checkpointId, scope, value);
    const limit = plan.timeoutMs > 0 ? since + plan.timeoutMs : undefined;
    const held: Held = {
      checkpointId: plan.checkpointId,
      correlationKey,
      input: value,
      since,
      due: step?.past === undefined ? limit : step.past.due,
      journalKey: step?.key,
      plan,
      edge,
      scope,
      timer: undefined,
    };
    const key = keyOf(plan.checkpointId, correlationKey);
    const all = (this.#held ??= new Map<string, Held[]>());
    const queue = all.get(key) ?? [];
    all.set(key, queue);
    queue.push(held);
    this.#size += 1;
    run.observer?.waiting?.(run, plan.checkpointId, valueKey(correlationKey), value);
    const past = step?.past?.resumed;
    if (past !== undefined) this.#again(key, held, past);
    else this.#begin(key, held, step?.past === undefined);
  }

  /** The wait begins, or goes on after a restart. */
  #begin(key: string, held: Held, isNew: boolean): void {
    const run = this.#run;
    const { checkpointId: checkpoint, correlationKey: correlation, due, since, journalKey } = held;
    if (due !== undefined) {
      // An execution that is parked does not wait for the end of its waits either, unless that has come.
      const holds = run.durable === undefined || run.host.onSuspended !== 'park' || due <= since;
      held.timer = run.timers.set(due - since, () => this.#timedOut(key, held), holds);
    }
    if (journalKey === undefined) return;
    if (isNew) {
      const end = due === undefined ? {} : { due };
      const record = { checkpoint, correlation, ...end, at: since };
      run.durable!.append({ kind: 'waiting', key: journalKey, ...record });
    }
    const early = run.durable!.takeEarly(checkpoint, correlation);
    if (early !== undefined) this.resume(checkpoint, correlation, early.event, early.id);
  }

  /** What ended the wait before the restart ends it again; with virtual time at the same time. */
  #again(key: string, held: Held, { at, event, timedOut }: ResumedRecord): void {
    const run = this.#run;
    const end = () => {
      if (!timedOut) this.#go(key, held, event ?? null);
      else this.#late(key, held);
    };
    const wait = run.sources.virtual === undefined ? 0 : at - run.now();
    if (wait > 0) held.timer = run.timers.set(wait, end);
    else end();
  }

  /** Gives an event to the message that waits longest for it; false where none does, or where the
   * event does not match its schema. With a journal the event is on disk before it has any effect.
   * @param eventId of the event in the journal */
  resume(checkpointId: string, correlationKey: Value, event: Value, eventId?: string): boolean {
    const run = this.#run;
    const key = keyOf(checkpointId, correlationKey);
    const held = this.#held?.get(key)?.[0];
    if (held === undefined || run.isStopping) return false;
    const problem = held.plan.checkEvent?.(event);
    if (problem !== undefined) {
      run.ending.note(diagnostic.RUN131({ checkpoint: checkpointId, problem }));
      return false;
    }
    if (held.journalKey === undefined) {
      this.#go(key, held, event);
      run.drainSoon();
      return true;
    }
    this.#remove(key, held);
    const named = eventId === undefined ? {} : { eventId };
    this.#afterRecord(held, { event, ...named, timedOut: false }, () => this.#give(held, event));
    return true;
  }

  /** Goes on once the end of the wait is on disk. */
  #afterRecord(
    { journalKey, checkpointId }: Held,
    end: Pick<ResumedRecord, 'event' | 'eventId' | 'timedOut'>,
    then: () => void,
  ): void {
    const run = this.#run;
    const durable = run.durable!;
    const record = { checkpoint: checkpointId, ...end, at: run.now() };
    durable.append({ kind: 'resumed', key: journalKey!, ...record });
    run.callBegan();
    void durable.flush().then((isSafe) => {
      run.callEnded();
      if (isSafe && !run.isStopping) then();
      run.drain();
    });
  }

  #go(key: string, held: Held, event: Value): void {
    this.#remove(key, held);
    this.#give(held, event);
  }

  #give(held: Held, event: Value): void {
    const run = this.#run;
    const { checkpointId, correlationKey, edge, input } = held;
    run.observer?.resumed?.(run, checkpointId, valueKey(correlationKey), event);
    this.#pass(held, edge, { event, input });
  }

  /** Nothing else is left to do. */
  suspended(): void {
    const run = this.#run;
    if (run.ending.park() || run.host.onSuspended !== 'fail') return;
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
    this.#held = undefined;
    this.#size = 0;
  }

  #timedOut(key: string, held: Held): void {
    held.timer = undefined;
    if (held.journalKey === undefined) {
      this.#late(key, held);
      return;
    }
    this.#remove(key, held);
    this.#afterRecord(held, { timedOut: true }, () => this.#giveUp(held));
  }

  #late(key: string, held: Held): void {
    this.#remove(key, held);
    this.#giveUp(held);
  }

  #giveUp(held: Held): void {
    const run = this.#run;
    const { onTimeout, timeoutMs, checkpointId } = held.plan;
    run.observer?.waitTimedOut?.(run, checkpointId, valueKey(held.correlationKey), held.input);
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
    const queue = this.#held!.get(key)!;
    queue.splice(queue.indexOf(held), 1);
    if (queue.length === 0) this.#held!.delete(key);
    this.#size -= 1;
    if (held.timer !== undefined) this.#run.timers.cancel(held.timer);
  }
}

/** Everything that the execution waits for, subflows included. */
export function waitingIn(run: FlowRun): readonly WaitingFor[] {
  return [...run.awaited.list(), ...[...run.children].flatMap(waitingIn)];
}

/** True where nothing is left but to wait for events, in its subflows too. */
export function isSuspended(run: FlowRun): boolean {
  const { awaited, children, following } = run;
  if (!run.isIdle || awaited.size + children.size === 0) return false;
  return following.size === children.size && [...children].every(isSuspended);
}

function keyOf(checkpointId: string, correlationKey: Value): string {
  return `${checkpointId.length}:${checkpointId}${valueKey(correlationKey)}`;
}
