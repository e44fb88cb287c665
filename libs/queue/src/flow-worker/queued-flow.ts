// The flows that a worker can execute, by their id.
import type { CapabilitySet } from '@basalt/capabilities';
import { compileFlow, type ExecPlan, type FlowBundle } from '@basalt/executor';
import { structuralHash, type Value } from '@basalt/ir';

/** A flow and what is bound for it. */
export interface QueuedFlow {
  readonly bundle: FlowBundle;
  readonly capabilities: CapabilitySet;
}

/** A flow, ready to be executed and journaled. */
export interface WorkerFlow {
  readonly plan: ExecPlan;
  readonly capabilities: CapabilitySet;
  /** Of the document, to tell whether a run was started with it. */
  readonly hash: string;
  readonly document: Value;
}

/** Compiles the flows. @throws DiagnosticError with the findings of the first that cannot be. */
export function compileQueuedFlows(flows: readonly QueuedFlow[]): ReadonlyMap<string, WorkerFlow> {
  return new Map(
    flows.map(({ bundle, capabilities }) => {
      const { ir } = bundle;
      const plan = compileFlow(bundle);
      const document = ir as unknown as Value;
      return [ir.id, { plan, capabilities, hash: structuralHash(ir), document }];
    }),
  );
}
