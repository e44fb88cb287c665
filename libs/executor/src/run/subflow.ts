// A subflow node executes a whole flow for each of its messages. The inner execution shares the
// outer one's clock, randomness and host, stops with it, and is undone with it.
import { DiagnosticError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { ExecPlan } from '../plan/exec-plan.js';
import { afterSent } from '../durable/sent-again.js';
import { subflowRunId } from '../durable/restored-completions.js';
import { Invocation } from './invocation.js';
import type { NodeHandler, NodeResult } from '../node-handler.js';
import { beginRun } from './run.js';

/** The handler of a subflow node. */
export function runSubflow(plan: ExecPlan): NodeHandler {
  const streams = plan.triggers.some(({ ir }) => ir.trigger?.respond === 'stream');
  return (input: Value, context): NodeResult | Promise<NodeResult> => {
    if (!(context instanceof Invocation)) throw new TypeError('a subflow runs inside an execution');
    const { run: parent, alias, step } = context;
    const scope = step === undefined ? '' : `${step.key}/s${context.attempt}`;
    const child = beginRun(
      plan,
      {
        payload: input,
        runId: step ? subflowRunId(parent, alias, scope) : `${parent.id}/${alias}/${context.seq}`,
        signal: context.signal,
        metadata: parent.invoke.metadata ?? {},
        mode: streams ? 'stream' : 'value',
      },
      parent.host,
      { parent, alias, scope },
    );
    parent.children.add(child);
    const ended = child.ending.result.then((result) => {
      parent.children.delete(child);
      // Also what one that was stopped has done; one that has failed has undone it itself.
      parent.completions.adopt(child.completions);
      if (result.status === 'completed') return result.output;
      throw new DiagnosticError(result.diagnostics as never);
    });
    if (!streams) return ended;
    ended.catch(() => undefined);
    const sent = step?.past?.emitted ?? [];
    return sent.length === 0 ? child.capture.values() : afterSent(sent, child.capture.values());
  };
}
