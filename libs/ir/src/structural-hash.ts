// One hash for what a flow does, whatever it is called and however its document is arranged.
import { hashValue } from './blake3.js';
import { encodeCanonical } from './canonical-cbor.js';
import type { ControlSurfaceIR, EdgeIR, FlowIR, NodeIR } from './flow-ir.js';
import { readSurfaceConfig } from './surface-reader.js';
import type { Value } from './value.js';

/** BLAKE3-256 (lower-case hex) of the run-time meaning of a flow.
 *
 * It does not depend on: the order of nodes, edges, surfaces, checkpoints, hints, secrets, credentials
 * and hosts; ids of flow, nodes and surfaces; name, version, profile and summaries; source spans;
 * policies, metadata and artifacts; defaults written out or left out. It depends on all else, aliases
 * included: they are keys of joined messages, of journals and of idempotency keys. */
export function structuralHash(flow: FlowIR): string {
  return hashValue(flowMeaning(flow));
}

function flowMeaning(flow: FlowIR): Value {
  const subflows = Object.entries(flow.subflows ?? {});
  return {
    nodes: asBag(flow.nodes.map(nodeMeaning)),
    edges: asBag(flow.edges.map(edgeMeaning)),
    surfaces: asBag(flow.control_surfaces.map(surfaceMeaning)),
    checkpoints: flow.checkpoints.map((checkpoint) => checkpoint.id).sort(),
    schemas: (flow.schemas ?? {}) as Value,
    params: (flow.params ?? {}) as Value,
    deadline_ms: flow.deadline_ms ?? null,
    subflows: Object.fromEntries(subflows.map(([key, inner]) => [key, flowMeaning(inner)])),
  };
}

/** The meaning of a node as a value. Two nodes that mean the same have equal values. */
export function nodeMeaning(node: NodeIR): Value {
  const { id: _id, name: _name, summary: _summary, source: _source, ...rest } = node;
  const { summary: _undoes, ...compensation } = node.compensation ?? {};
  return defined({
    ...rest,
    ...(node.compensation === undefined ? {} : { compensation }),
    determinismHints: asSet(node.determinismHints),
    effectHints: asSet(node.effectHints),
    ...(node.secrets === undefined ? {} : { secrets: asSet(node.secrets) }),
    ...(node.egress === undefined ? {} : { egress: asSet(node.egress) }),
    ...(node.credentials === undefined
      ? {}
      : {
          credentials: asBag(
            node.credentials.map(({ name, scopes }) => ({ name, scopes: asSet(scopes) })),
          ),
        }),
  });
}

function edgeMeaning(edge: EdgeIR): Value {
  return defined(edge);
}

/** The meaning of a surface as a value. Targets are a set, except where their order says who is who. */
export function surfaceMeaning(surface: ControlSurfaceIR): Value {
  const { config } = readSurfaceConfig(surface);
  const ordered = surface.kind === 'window' || surface.kind === 'await';
  return {
    kind: surface.kind,
    targets: ordered ? surface.targets : asSet(surface.targets),
    config: (config ?? surface.config ?? null) as Value,
  };
}

function asSet(list: readonly string[]): readonly string[] {
  return [...new Set(list)].sort();
}

/** Objects built by code may hold undefined members, which are absent. */
function defined(object: object): Value {
  const members = Object.entries(object).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members) as Value;
}

/** The items in an order that depends on nothing but themselves: that of their encodings. */
function asBag(items: readonly Value[]): Value {
  const encoded = items.map((item) => ({ item, bytes: encodeCanonical(item) }));
  encoded.sort((a, b) => compareBytes(a.bytes, b.bytes));
  return encoded.map(({ item }) => item);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return a.length - b.length;
}
