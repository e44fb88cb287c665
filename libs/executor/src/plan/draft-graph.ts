// Nodes and edges of a plan as the document states them, before any surface is attached.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { compileSelector, type EdgeIR, type FlowIR, type NodeIR, type Value } from '@basalt/ir';
import { capabilitiesOf } from '@basalt/validator';
import type { ExecPlan, OnDrop } from './exec-plan.js';
import type { NodeHandler } from '../node-handler.js';
import type { EdgeDraft, NodeDraft, PlanDraft } from './plan-draft.js';
import { schemaCheck } from './schema-check.js';
import { runSubflow } from '../run/subflow.js';

/** Messages that an edge holds when the flow does not say. */
const DEFAULT_CAPACITY = 32;

/** Adds a draft for each node. @throws DiagnosticError DAG205. */
export function draftNodes(
  draft: PlanDraft,
  handlers: ReadonlyMap<string, NodeHandler>,
  subflow: (key: string) => ExecPlan,
): void {
  for (const [index, ir] of draft.ir.nodes.entries()) {
    if (draft.byAlias.has(ir.alias)) {
      const pointer = `/nodes/${index}/alias`;
      throw new DiagnosticError([diagnostic.DAG205({ alias: ir.alias }, { pointer })]);
    }
    const nested = ir.kind === 'subflow' ? subflow(ir.subflow!) : undefined;
    const handler = nested === undefined ? handlers.get(ir.identifier)! : runSubflow(nested);
    const node = draftNode(draft, index, ir, handler, handlers, nested);
    draft.nodes.push(node);
    draft.byAlias.set(ir.alias, node);
  }
}

function draftNode(
  draft: PlanDraft,
  index: number,
  ir: NodeIR,
  handler: NodeHandler,
  handlers: ReadonlyMap<string, NodeHandler>,
  subflow: ExecPlan | undefined,
): NodeDraft {
  const { compensation, concurrency, retry } = ir;
  return {
    index,
    ir,
    alias: ir.alias,
    handler,
    subflow,
    outputs: [],
    routers: [],
    inputs: [],
    intake: undefined,
    late: undefined,
    // 0: not stated; a for_each around the node may raise it.
    maxActive: concurrency?.max ?? 0,
    batch: concurrency?.batch ?? 0,
    batchWaitMs: concurrency?.batch_wait_ms ?? 0,
    timeoutMs: ir.timeout_ms ?? 0,
    onTimeout: undefined,
    retry: retry !== undefined && retry.owner === 'orchestrator' ? retry : undefined,
    onError: { strategy: 'fail', handler: undefined },
    rateLimits: [],
    compensator:
      compensation === undefined
        ? undefined
        : {
            handler: handlers.get(compensation.identifier)!,
            timeoutMs: compensation.timeout_ms ?? 0,
          },
    idempotent: ir.idempotency.key !== undefined || (ir.idempotency.fields ?? []).length > 0,
    invalidates: undefined,
    maxOutputBytes: ir.max_output_bytes ?? Infinity,
    direct: false,
    capabilities: new Set(capabilitiesOf(ir)),
    params: Object.freeze({ ...ir.params }) as Readonly<Record<string, Value>>,
    checkInput: inputCheck(draft.ir, ir),
    order: index,
  };
}

/** Only payloads are checked at run time; edges were checked before. */
function inputCheck(flow: FlowIR, node: NodeIR): NodeDraft['checkInput'] {
  const { in_schema: ref } = node;
  if (ref.kind === 'opaque' || node.kind !== 'trigger') return undefined;
  const schemas = flow.schemas ?? {};
  return Object.hasOwn(schemas, ref.name) ? schemaCheck(schemas[ref.name]) : undefined;
}

/** Adds a draft for each edge. @throws DiagnosticError DAG202. */
export function draftEdges(draft: PlanDraft): void {
  for (const [index, ir] of draft.ir.edges.entries()) {
    const from = endOf(draft, ir, ir.from, index);
    const to = endOf(draft, ir, ir.to, index);
    const edge = draftEdge(index, ir, from.index, to.index);
    draft.addEdge(edge);
    to.inputs.push(edge);
  }
}

function endOf(draft: PlanDraft, ir: EdgeIR, alias: string, index: number): NodeDraft {
  const node = draft.byAlias.get(alias);
  if (node !== undefined) return node;
  const pointer = `/edges/${index}`;
  throw new DiagnosticError([diagnostic.DAG202({ from: ir.from, to: ir.to, alias }, { pointer })]);
}

function draftEdge(index: number, ir: EdgeIR, from: number, to: number): EdgeDraft {
  const { buffer } = ir;
  return {
    index,
    ir,
    from,
    to,
    label: `${ir.from}->${ir.to}`,
    capacity: Math.max(1, buffer.max_items ?? DEFAULT_CAPACITY),
    onDrop: onDropOf(buffer.on_drop),
    delivery: ir.delivery,
    ordered: ir.ordering === 'ordered',
    partition: ir.partition_key === undefined ? undefined : compileSelector(ir.partition_key),
    timeoutMs: ir.timeout_ms ?? 0,
    spillBytes: buffer.spill_threshold_bytes ?? Infinity,
    spillTier: buffer.spill_tier,
    backward: false,
    simple: false,
    intake: undefined,
    held: undefined,
    gated: false,
  };
}

/** `on_drop` was free text in the 0.1 contract: what is not known there meant block. */
function onDropOf(text: string | undefined): OnDrop {
  switch (text) {
    case 'drop_oldest':
    case 'drop_newest':
    case 'fail':
      return text;
    default:
      return 'block';
  }
}
