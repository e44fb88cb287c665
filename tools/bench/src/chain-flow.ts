// Flow documents of a given shape and size, for the cases.
import { flowId, nodeId, normalizeFlow, type EdgeIR, type FlowIR, type NodeIR } from '@basalt/ir';

const opaque = { kind: 'opaque' } as const;

export function benchNode(flow: string, alias: string, extra: Partial<NodeIR> = {}): NodeIR {
  return {
    id: nodeId(flow, alias),
    alias,
    identifier: alias,
    name: alias,
    kind: 'inline',
    in_schema: opaque,
    out_schema: opaque,
    effects: 'pure',
    determinism: 'strict',
    idempotency: {},
    determinismHints: [],
    effectHints: [],
    ...extra,
  };
}

export function benchEdge(from: string, to: string, extra: Partial<EdgeIR> = {}): EdgeIR {
  return { from, to, delivery: 'at_least_once', ordering: 'ordered', buffer: {}, ...extra };
}

export function benchFlow(
  name: string,
  nodes: readonly NodeIR[],
  edges: readonly EdgeIR[],
  extra: Partial<FlowIR> = {},
): FlowIR {
  const id = flowId(name, '1.0.0');
  return normalizeFlow({ id, name, version: '1.0.0', nodes, edges, ...extra });
}

/** trigger -> n0 -> n1 -> ... of `length` inline nodes. */
export function chainFlow(length: number): FlowIR {
  const id = flowId(`chain_${length}`, '1.0.0');
  const aliases = Array.from({ length }, (_, i) => `n${i}`);
  const nodes = [
    benchNode(id, 'trigger', { kind: 'trigger' }),
    ...aliases.map((alias) => benchNode(id, alias)),
  ];
  const edges = aliases.map((alias, i) => benchEdge(i === 0 ? 'trigger' : aliases[i - 1]!, alias));
  return benchFlow(`chain_${length}`, nodes, edges);
}
