// A flow that tests change: a payment with a routed answer and a limit.
import { normalizeFlow, type NodeInput } from '../src/normalize-flow.js';
import { flowId, nodeId } from '../src/ids.js';
import type { EdgeIR, FlowIR } from '../src/flow-ir.js';

const id = flowId('payments', '1.0.0');

/** A node of the sample flow. */
export function sampleNode(alias: string, fields: Partial<NodeInput> = {}): NodeInput {
  return {
    id: nodeId(id, alias),
    alias,
    identifier: `payments::${alias}`,
    name: alias,
    kind: 'inline',
    in_schema: { kind: 'opaque' },
    out_schema: { kind: 'opaque' },
    effects: 'pure',
    determinism: 'strict',
    ...fields,
  };
}

/** An edge of the sample flow. */
export function sampleEdge(from: string, to: string, fields: Partial<EdgeIR> = {}): EdgeIR {
  return { from, to, delivery: 'at_least_once', ordering: 'ordered', buffer: {}, ...fields };
}

/** order -> charge -> (receipt | refusal), with a rate limit on charge. */
export function sampleFlow(): FlowIR {
  return normalizeFlow({
    id,
    name: 'payments',
    version: '1.0.0',
    summary: 'Takes payments',
    nodes: [
      sampleNode('order', {
        kind: 'trigger',
        effects: 'read_only',
        out_schema: { kind: 'named', name: 'Order' },
        trigger: { kind: 'http', route: '/pay', method: 'POST' },
      }),
      sampleNode('charge', {
        kind: 'activity',
        effects: 'effectful',
        determinism: 'best_effort',
        in_schema: { kind: 'named', name: 'Order' },
        idempotency: { key: '/id', ttlMs: 600_000 },
        effectHints: ['resource::http::write'],
        determinismHints: ['resource::http', 'resource::clock'],
        retry: { max_attempts: 3 },
        code_hash: 'aa',
        source: { file: 'pay.ts', line: 3, column: 1 },
      }),
      sampleNode('receipt'),
      sampleNode('refusal'),
    ],
    edges: [
      sampleEdge('order', 'charge', { buffer: { max_items: 8 } }),
      sampleEdge('charge', 'receipt'),
      sampleEdge('charge', 'refusal'),
    ],
    control_surfaces: [
      {
        id: 'if:charge:0',
        kind: 'if',
        targets: ['charge', 'receipt', 'refusal'],
        config: {
          v: 1,
          source: 'charge',
          selector_pointer: '/ok',
          then: 'receipt',
          else: 'refusal',
        },
      },
      {
        id: 'rate_limit:charge:0',
        kind: 'rate_limit',
        targets: ['charge'],
        config: { v: 1, target: 'charge', qps: 5, burst: 2 },
      },
    ],
    schemas: { Order: { type: 'object', properties: { id: { type: 'string' } } } },
  });
}
