// Flows for tests, written tersely: what a test does not name has a harmless default, so that the
// flow passes every rule but the one under test.
import type { ControlSurfaceIR, EdgeIR, FlowIR, NodeIR, SurfaceKind } from '@basalt/ir';

type NodeParts = Partial<NodeIR>;
type EdgeParts = Partial<Omit<EdgeIR, 'from' | 'to'>>;

/** A node; a pure, strict inline one when nothing else is said. */
export function node(alias: string, parts: NodeParts = {}): NodeIR {
  return {
    id: `flow::${alias}`,
    alias,
    identifier: `handler::${alias}`,
    name: alias,
    kind: 'inline',
    in_schema: { kind: 'opaque' },
    out_schema: { kind: 'opaque' },
    effects: 'pure',
    determinism: 'strict',
    idempotency: {},
    determinismHints: [],
    effectHints: [],
    ...parts,
  };
}

/** A trigger; started by hand when nothing else is said. */
export function trigger(alias: string, parts: NodeParts = {}): NodeIR {
  return node(alias, { kind: 'trigger', effects: 'read_only', ...parts });
}

/** An edge written `a -> b`; at least once, ordered, with the default buffer. */
export function edge(arrow: string, parts: EdgeParts = {}): EdgeIR {
  const [from, to] = arrow.split(' -> ');
  return {
    from: from!,
    to: to!,
    delivery: 'at_least_once',
    ordering: 'ordered',
    buffer: {},
    ...parts,
  };
}

/** A surface; its config gets `v: 1`. */
export function surface(
  kind: SurfaceKind,
  config: Readonly<Record<string, unknown>>,
  targets: readonly string[] = [],
  id = `${kind}:0`,
): ControlSurfaceIR {
  return { id, kind, targets, config: { v: 1, ...config } };
}

/** Nodes may be aliases (inline nodes; `start` is a trigger), edges may be arrows `a -> b -> c`. */
export interface FlowParts extends Partial<Omit<FlowIR, 'nodes' | 'edges'>> {
  readonly nodes?: readonly (string | NodeIR)[];
  readonly edges?: readonly (string | EdgeIR)[];
}

/** A flow of profile dev named `flow`, version 1.0.0. */
export function buildFlow({ nodes = [], edges = [], ...parts }: FlowParts = {}): FlowIR {
  return {
    id: 'flow',
    name: 'flow',
    version: '1.0.0',
    profile: 'dev',
    control_surfaces: [],
    checkpoints: [],
    policies: { lint: { require_control_hints: false } },
    metadata: { tags: [] },
    artifacts: [],
    ...parts,
    nodes: nodes.map((n) => (typeof n !== 'string' ? n : n === 'start' ? trigger(n) : node(n))),
    edges: edges.flatMap((e) => (typeof e === 'string' ? chain(e) : [e])),
  };
}

function chain(arrows: string): EdgeIR[] {
  const aliases = arrows.split(' -> ');
  return aliases.slice(1).map((to, i) => edge(`${aliases[i]!} -> ${to}`));
}
