// A subflow node executes a whole flow for each of its messages. The inner execution shares the
// outer one's clock, randomness and host, stops with it, and is undone with it.
import { DiagnosticError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { ExecPlan } from '../plan/exec-plan.js';
import { Invocation } from './invocation.js';
import type { NodeHandler, NodeResult } from '../node-handler.js';
import { beginRun } from './run.js';

/** The handler of a subflow node. */
export function runSubflow(plan: ExecPlan): NodeHandler {
  const streams = plan.triggers.some(({ ir }) => ir.trigger?.respond === 'stream');
  return (input: Value, context): NodeResult | Promise<NodeResult> => {
    if (!(context instanceof Invocation)) throw new TypeError('a subflow runs inside an execution');
    const { run: parent } = context;
    const child = beginRun(
      plan,
      {
        payload: input,
        runId: `${parent.id}/${context.alias}/${context.seq}`,
        signal: context.signal,
        metadata: parent.invoke.metadata ?? {},
        mode: streams ? 'stream' : 'value',
      },
      parent.host,
      parent,
    );
    parent.children.add(child);
    const ended = child.ending.result.then((result) => {
      parent.children.delete(child);
      if (result.status === 'completed') {
        parent.completions.adopt(child.completions);
        return result.output;
      }
      throw new DiagnosticError(result.diagnostics as never);
    });
    if (!streams) return ended;
    ended.catch(() => undefined);
    return child.capture.values();
  };
}
