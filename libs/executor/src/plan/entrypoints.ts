// Where the payload of an execution goes in, and where its result comes out.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { ExecPlan, NodePlan } from './exec-plan.js';

/** The trigger of that alias, or the only one. A node without inbound edges may be one, too. */
export function triggerOf(plan: ExecPlan, alias: string | undefined): NodePlan | DiagnosticError {
  const refuse = (trigger: string, problem: string) => {
    const known = plan.triggers.map((node) => node.alias).join(', ') || 'no trigger';
    return new DiagnosticError([
      diagnostic.RUN113({ trigger, flow: plan.ir.name, problem, known }),
    ]);
  };
  if (alias === undefined) {
    const [only, second] = plan.triggers;
    if (only !== undefined && second === undefined) return only;
    return refuse('No node', 'which one is meant is not said');
  }
  const node = plan.byAlias.get(alias);
  if (node === undefined) return refuse(alias, 'there is no such node');
  if (node.ir.kind !== 'trigger' && node.inputs.length > 0) {
    return refuse(alias, 'it gets its messages from other nodes');
  }
  return node;
}

/** The capture of that alias, that of the trigger, or the only leaf that it leads to. Undefined where
 * the trigger asks for no result. */
export function captureOf(
  plan: ExecPlan,
  alias: string | undefined,
  trigger: NodePlan | DiagnosticError,
): NodePlan | DiagnosticError | undefined {
  const spec = trigger instanceof DiagnosticError ? undefined : trigger.ir.trigger;
  const named = alias ?? spec?.capture;
  const refuse = (capture: string, problem: string) => {
    const known = plan.leaves.map((node) => node.alias).join(', ') || 'no leaf';
    return new DiagnosticError([
      diagnostic.RUN114({ capture, flow: plan.ir.name, problem, known }),
    ]);
  };
  if (named !== undefined) {
    return plan.byAlias.get(named) ?? refuse(named, 'there is no such node');
  }
  if (spec?.respond === 'accepted') return undefined;
  const [only, second] = plan.leaves;
  if (only !== undefined && second === undefined) return only;
  return refuse('No node', 'which output is the result is not said');
}
