// The variables that expressions of a policy may use, and their types. What a node does not state is
// absent: guard it with has(...).
import { Environment } from '@marcbachmann/cel-js';
import type { EdgeIR, FlowIR, NodeIR, Profile } from '@basalt/ir';
import { capabilitiesOf } from '../hints/node-capabilities.js';

/** Longest list that an expression is given; longer ones make it fail rather than pass unseen. */
export const MAX_LIST_ITEMS = 1_000;

const STRINGS = 'list<string>';

/** Name -> type, for each variable. The reference page lists the same. */
export const POLICY_VARIABLES = {
  node: {
    alias: 'string',
    identifier: 'string',
    kind: 'string',
    effects: 'string',
    determinism: 'string',
    effectHints: STRINGS,
    determinismHints: STRINGS,
    capabilities: STRINGS,
    egress: STRINGS,
    secrets: STRINGS,
    credentials: STRINGS,
    has_key: 'bool',
    has_compensation: 'bool',
    data_class: 'string',
    timeout_ms: 'int',
    max_output_bytes: 'int',
    retry: { max_attempts: 'int', owner: 'string' },
    cache: { tier: 'string', ttl_ms: 'int' },
    concurrency: { max: 'int', batch: 'int' },
  },
  edge: {
    from: 'string',
    to: 'string',
    delivery: 'string',
    ordering: 'string',
    partition_key: 'string',
    timeout_ms: 'int',
    max_items: 'int',
    spill_tier: 'string',
  },
  flow: {
    id: 'string',
    name: 'string',
    version: 'string',
    tags: STRINGS,
    node_count: 'int',
    edge_count: 'int',
    deadline_ms: 'int',
  },
  profile: 'string',
} as const;

/** A new environment with the declared variables and the limits of an expression. */
export function policyEnvironment(): Environment {
  const limits = {
    maxAstNodes: 500,
    maxDepth: 32,
    maxListElements: 100,
    maxMapEntries: 100,
    maxCallArguments: 8,
  };
  const environment = new Environment({ limits });
  for (const [name, type] of Object.entries(POLICY_VARIABLES)) {
    if (typeof type === 'string') environment.registerVariable(name, type);
    else environment.registerVariable({ name, schema: type });
  }
  return environment;
}

type Fields = Readonly<Record<string, unknown>>;

/** Drops what is absent, and turns whole numbers into the integers of CEL. */
function present(fields: Fields): Fields {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined || value === null) return [];
    return [[name, typeof value === 'number' ? BigInt(Math.trunc(value)) : value]];
  });
  return Object.fromEntries(entries);
}

/** The value of the variable `node`. */
export function nodeVariable(node: NodeIR): Fields {
  const { retry, cache, concurrency } = node;
  return present({
    alias: node.alias,
    identifier: node.identifier,
    kind: node.kind,
    effects: node.effects,
    determinism: node.determinism,
    effectHints: node.effectHints,
    determinismHints: node.determinismHints,
    capabilities: capabilitiesOf(node),
    egress: node.egress ?? [],
    secrets: node.secrets ?? [],
    credentials: (node.credentials ?? []).map((credential) => credential.name),
    has_key: node.idempotency.key !== undefined,
    has_compensation: node.compensation !== undefined,
    data_class: node.data_class,
    timeout_ms: node.timeout_ms,
    max_output_bytes: node.max_output_bytes,
    retry: retry && present({ max_attempts: retry.max_attempts, owner: retry.owner }),
    cache: cache && present({ tier: cache.tier, ttl_ms: cache.ttl_ms }),
    concurrency: concurrency && present({ max: concurrency.max, batch: concurrency.batch }),
  });
}

/** The value of the variable `edge`. */
export function edgeVariable({ buffer, ...edge }: EdgeIR): Fields {
  return present({
    from: edge.from,
    to: edge.to,
    delivery: edge.delivery,
    ordering: edge.ordering,
    partition_key: edge.partition_key,
    timeout_ms: edge.timeout_ms,
    max_items: buffer.max_items,
    spill_tier: buffer.spill_tier,
  });
}

/** The value of the variable `flow`. */
export function flowVariable(flow: FlowIR): Fields {
  return present({
    id: flow.id,
    name: flow.name,
    version: flow.version,
    tags: flow.metadata.tags,
    node_count: flow.nodes.length,
    edge_count: flow.edges.length,
    deadline_ms: flow.deadline_ms,
  });
}

/** All variables of one evaluation. */
export interface PolicyContext {
  readonly node?: Fields;
  readonly edge?: Fields;
  readonly flow: Fields;
  readonly profile: Profile;
}
