// Builds small flow bundles for tests: handlers by alias, edges as "a -> b".
import type { ControlSurfaceIR, EdgeIR, FlowIR, NodeIR, SurfaceKind } from '@basalt/ir';
import type { FlowBundle, NodeHandler } from '../node-handler.js';

export type NodeFixture = NodeHandler | ({ readonly run: NodeHandler } & Partial<NodeIR>);
export type EdgeFixture = string | ({ readonly edge: string } & Partial<EdgeIR>);
export type SurfaceFixture = readonly [kind: SurfaceKind, config: object, targets?: string[]];

export interface FlowFixture {
  readonly nodes: Readonly<Record<string, NodeFixture>>;
  readonly edges: readonly EdgeFixture[];
  readonly surfaces?: readonly SurfaceFixture[];
  readonly more?: Partial<FlowIR>;
  /** Handlers of compensators and subflows, by identifier. */
  readonly handlers?: Readonly<Record<string, NodeHandler>>;
}

/** The first node is the trigger; identifiers are aliases. */
export function bundleOf(fixture: FlowFixture): FlowBundle {
  const handlers = new Map<string, NodeHandler>(Object.entries(fixture.handlers ?? {}));
  const nodes = Object.entries(fixture.nodes).map(([alias, given], index): NodeIR => {
    const { run, ...rest } = typeof given === 'function' ? { run: given } : given;
    handlers.set(alias, run);
    return {
      id: `test::${alias}`,
      alias,
      identifier: alias,
      name: alias,
      kind: index === 0 ? 'trigger' : 'inline',
      in_schema: { kind: 'opaque' },
      out_schema: { kind: 'opaque' },
      effects: 'pure',
      determinism: 'strict',
      idempotency: {},
      determinismHints: [],
      effectHints: [],
      ...rest,
    };
  });
  return {
    ir: {
      id: 'test',
      name: 'test',
      version: '1.0.0',
      profile: 'dev',
      nodes,
      edges: fixture.edges.map(edgeOf),
      control_surfaces: (fixture.surfaces ?? []).map((surface, index) =>
        surfaceOf(surface, index, new Set(Object.keys(fixture.nodes))),
      ),
      checkpoints: [],
      policies: { lint: { require_control_hints: false } },
      metadata: { tags: [] },
      artifacts: [],
      ...fixture.more,
    },
    handlers,
  };
}

function edgeOf(given: EdgeFixture): EdgeIR {
  const { edge, ...rest } = typeof given === 'string' ? { edge: given } : given;
  const [from, to] = edge.split(' -> ') as [string, string];
  return { from, to, delivery: 'at_least_once', ordering: 'ordered', buffer: {}, ...rest };
}

/** Targets are, unless given, every alias that the configuration names. */
function surfaceOf(
  [kind, config, targets]: SurfaceFixture,
  index: number,
  aliases: ReadonlySet<string>,
): ControlSurfaceIR {
  const named = [...new Set(textsIn(config).filter((text) => aliases.has(text)))];
  return { id: `${kind}:${index}`, kind, targets: targets ?? named, config: { v: 1, ...config } };
}

function textsIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  if (typeof part !== 'object' || part === null) return [];
  return Object.values(part).flatMap(textsIn);
}

/** A chain of nodes: `chain('a', 'b', 'c')` is a -> b, b -> c. */
export function chain(...aliases: string[]): readonly string[] {
  return aliases.slice(1).map((alias, i) => `${aliases[i]!} -> ${alias}`);
}

/** Passes its input on. */
export const pass: NodeHandler = (input) => input as never;

/** Lets so many microtasks pass. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await null;
}

/** Every value of a stream. */
export async function gather<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
