// What has been completed and can be undone, in order of completion, and the undoing itself: saga
// compensation in reverse order. A compensator that fails is reported; the others still run.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { restoreCompletions } from '../durable/restored-completions.js';
import type { InvocationKey } from '../durable/run-journal.js';
import { describeThrown } from './failure.js';
import { Invocation } from './invocation.js';
import type { FlowRun } from './flow-run.js';
import { Message } from './message.js';
import type { NodePlan } from '../plan/exec-plan.js';

/** Something that can be undone. */
export interface Completion {
  /** Its key in the journal; undefined without one. */
  readonly key: InvocationKey | undefined;
  readonly alias: string;
  /** Undoes it with its own execution's context; gives the finding where that fails. */
  undo(error: Value): Promise<Diagnostic | undefined>;
}

export class CompletionLog {
  readonly #run: FlowRun;
  readonly #done: Completion[] = [];

  constructor(run: FlowRun) {
    this.#run = run;
  }

  add(invocation: Invocation, output: Value | undefined): void {
    const { plan } = invocation.node;
    if (plan.compensator === undefined) return;
    const input = invocation.input;
    const run = this.#run;
    this.#done.push({
      key: invocation.step?.key,
      alias: plan.alias,
      undo: (error) => compensate(run, plan, input, output ?? null, error),
    });
  }

  /** Adds what the journal knows to be done and not undone. */
  restore(): void {
    this.#done.push(...restoreCompletions(this.#run));
  }

  /** What a subflow has completed is undone with its parent. */
  adopt(child: CompletionLog): void {
    this.#done.push(...child.#done.splice(0));
  }

  get isEmpty(): boolean {
    return this.#done.length === 0;
  }

  /** Undoes everything, last first, one after the other. */
  async undoAll(cause: Diagnostic): Promise<readonly Diagnostic[]> {
    const findings: Diagnostic[] = [];
    const error = { code: cause.code, message: cause.message };
    const run = this.#run;
    // A replay does nothing.
    if (run.durable?.watch !== undefined) this.#done.splice(0);
    for (let last = this.#done.pop(); last !== undefined; last = this.#done.pop()) {
      if (run.durable !== undefined && !(await run.durable.flush())) break;
      const finding = await last.undo(error);
      if (finding !== undefined) findings.push(finding);
      run.durable?.compensated(last.key, last.alias, finding === undefined);
    }
    return findings;
  }
}

/** Calls the compensator of one invocation; gives the finding where it fails. */
export async function compensate(
  run: FlowRun,
  plan: NodePlan,
  input: Value,
  output: Value,
  error: Value,
): Promise<Diagnostic | undefined> {
  const { handler, timeoutMs } = plan.compensator!;
  const context = new Invocation(
    run,
    run.node(plan.index),
    new Message(input, run.root, undefined),
    1,
  );
  const limit = new AbortController();
  try {
    const undone = Promise.resolve(handler({ input, output, error }, context));
    undone.catch(() => undefined);
    if (timeoutMs > 0) {
      const late = diagnostic.TIME015({
        what: `The compensation of ${plan.alias}`,
        timeout_ms: timeoutMs,
      });
      const tooLate = run.clock.sleep(timeoutMs, limit.signal).then(() => {
        const reason = new DiagnosticError([late]);
        context.abort(reason);
        throw reason;
      });
      tooLate.catch(() => undefined);
      await Promise.race([undone, tooLate]);
    } else await undone;
    run.observer?.compensated?.(run, plan, true);
    return undefined;
  } catch (thrown) {
    run.observer?.compensated?.(run, plan, false);
    return diagnostic.SAGA202({ node: plan.alias, reason: describeThrown(thrown) });
  } finally {
    limit.abort();
  }
}
