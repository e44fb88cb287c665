// Flows built by code: what may be left out in an object literal, and the same reading as a document.
import { DiagnosticError } from '@basalt/diagnostics';
import type { EdgeIR, FlowIR, NodeIR, RetryPolicy } from './flow-ir.js';
import { loadFlow } from './load-flow.js';

type Loosen<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** A node as code may write it. */
export type NodeInput = Omit<
  Loosen<NodeIR, 'idempotency' | 'determinismHints' | 'effectHints'>,
  'retry'
> & {
  readonly retry?: Loosen<
    RetryPolicy,
    'backoff_ms' | 'multiplier' | 'max_backoff_ms' | 'jitter' | 'owner'
  >;
};

/** A flow as code may write it: fields with a default may be left out. */
export type FlowInput = Omit<
  Loosen<
    FlowIR,
    'profile' | 'control_surfaces' | 'checkpoints' | 'policies' | 'metadata' | 'artifacts'
  >,
  'nodes' | 'edges' | 'subflows'
> & {
  readonly nodes?: readonly NodeInput[];
  readonly edges?: readonly EdgeIR[];
  readonly subflows?: Readonly<Record<string, FlowInput>>;
};

/** Fills in the defaults. Throws a DiagnosticError with every finding where the object is no flow. */
export function normalizeFlow(doc: FlowInput): FlowIR {
  const { flow, diagnostics } = loadFlow(doc);
  if (flow !== undefined) return flow;
  const [first, ...rest] = diagnostics;
  throw new DiagnosticError([first!, ...rest]);
}
