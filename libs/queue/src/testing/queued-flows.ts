// Small flows for tests of workers.
import type { CapabilitySet } from '@basalt/capabilities';
import type { NodeHandler } from '@basalt/executor';
import { flowId, type ControlSurfaceIR, type EdgeIR, type FlowIR, type NodeIR } from '@basalt/ir';
import type { QueuedFlow } from '../flow-worker/queued-flow.js';

export interface QueuedFlowGiven {
  readonly name: string;
  /** The nodes behind the trigger, in a chain; one that gives its input back when absent. */
  readonly nodes?: readonly (Partial<NodeIR> & {
    readonly alias: string;
    readonly run: NodeHandler;
  })[];
  readonly trigger?: Partial<NodeIR>;
  readonly edge?: Partial<EdgeIR>;
  readonly surfaces?: readonly ControlSurfaceIR[];
  readonly more?: Partial<FlowIR>;
  readonly capabilities?: CapabilitySet;
}

/** Changes something outside, and knows a repeat by `/id`. */
export const EFFECT: Partial<NodeIR> = {
  kind: 'activity',
  effects: 'effectful',
  determinism: 'best_effort',
  idempotency: { key: '/id', scope: 'node', ttlMs: 600_000 },
};

/** A flow of a trigger and a chain of nodes. */
export function queuedFlow(given: QueuedFlowGiven): QueuedFlow {
  const { name, capabilities = {}, nodes = [{ alias: 'work', run: (input) => input }] } = given;
  const id = flowId(name, '1.0.0');
  const handlers = new Map<string, NodeHandler>([['in', (input) => input]]);
  const all: NodeIR[] = [nodeOf(id, 'in', { kind: 'trigger', ...given.trigger })];
  const edges: EdgeIR[] = [];
  for (const { alias, run, ...rest } of nodes) {
    handlers.set(alias, run);
    edges.push({
      from: all.at(-1)!.alias,
      to: alias,
      delivery: 'at_least_once',
      ordering: 'ordered',
      buffer: {},
      ...given.edge,
    });
    all.push(nodeOf(id, alias, rest));
  }
  const ir: FlowIR = {
    id,
    name,
    version: '1.0.0',
    profile: 'dev',
    nodes: all,
    edges,
    control_surfaces: [...(given.surfaces ?? [])],
    checkpoints: [],
    policies: { lint: { require_control_hints: false } },
    metadata: { tags: [] },
    artifacts: [],
    ...given.more,
  };
  return { bundle: { ir, handlers }, capabilities };
}

function nodeOf(flow: string, alias: string, more: Partial<NodeIR>): NodeIR {
  return {
    id: `${flow}::${alias}`,
    alias,
    identifier: alias,
    name: alias,
    kind: 'inline',
    in_schema: { kind: 'opaque' },
    out_schema: { kind: 'opaque' },
    effects: 'pure',
    determinism: 'strict',
    idempotency: {},
    determinismHints: [],
    effectHints: [],
    ...more,
  };
}
