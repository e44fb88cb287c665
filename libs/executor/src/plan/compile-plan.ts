// The way from a flow document to something that can be executed: check it, look every name up, attach
// the surfaces, settle what follows from all of that, and freeze the result.
import { diagnostic, DiagnosticError, type Diagnostic, isError } from '@basalt/diagnostics';
import type { FlowIR } from '@basalt/ir';
import { validateFlow, type ValidateOptions } from '@basalt/validator';
import type { ExecPlan } from './exec-plan.js';
import { draftEdges, draftNodes } from './draft-graph.js';
import type { FlowBundle } from '../node-handler.js';
import { finishPlan } from './finish-plan.js';
import { missingHandlers } from './missing-handlers.js';
import { PlanDraft } from './plan-draft.js';
import { attachSurfaces } from '../surfaces/attach-surfaces.js';

/** Validates a flow and compiles it. @throws DiagnosticError with every finding of severity error. */
export function compileFlow(bundle: FlowBundle, options: ValidateOptions = {}): ExecPlan {
  const found = validateFlow(bundle.ir, options).filter(isError);
  if (found.length > 0) throw new DiagnosticError(found as [Diagnostic, ...Diagnostic[]]);
  return compilePlan(bundle);
}

/** Compiles a flow that has been validated. The plan is immutable: one plan serves any number of
 * executions at once. O(nodes + edges), subflows included.
 * @throws DiagnosticError RUN115 listing every missing handler; codes of the graph (DAG) and of
 * control surfaces (CTRL, RUN118) where the document cannot be executed. */
export function compilePlan(bundle: FlowBundle): ExecPlan {
  const missing = missingHandlers(bundle);
  if (missing.length > 0) {
    throw new DiagnosticError([
      diagnostic.RUN115({ flow: bundle.ir.name, missing: missing.join(', ') }),
    ]);
  }
  return compileOne(bundle.ir, bundle, []);
}

function compileOne(ir: FlowIR, bundle: FlowBundle, around: readonly FlowIR[]): ExecPlan {
  if (around.includes(ir)) {
    const path = [...around, ir].map(({ name }) => name).join(' -> ');
    throw new DiagnosticError([diagnostic.DAG217({ flow: ir.name, path })]);
  }
  const draft = new PlanDraft(ir);
  const subflow = (key: string) => compileOne(ir.subflows![key]!, bundle, [...around, ir]);
  draftNodes(draft, bundle.handlers, subflow);
  draftEdges(draft);
  attachSurfaces(draft);
  return finishPlan(draft);
}
