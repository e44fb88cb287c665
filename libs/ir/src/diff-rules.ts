// What a changed field means for executions under way. Every field of the format has a rule here; a
// field without one counts as `pin`, so that a new field is safe until somebody thinks about it.
import type { NodeIR, SurfaceKind } from './flow-ir.js';

/** See diff-flows.ts for what the words promise. */
export type Verdict = 'continue' | 'pin' | 'refuse';

export interface Rule {
  readonly verdict: Verdict;
  readonly reason: string;
}

const forPeople: Rule = {
  verdict: 'continue',
  reason: 'it is for people and has no effect on a run',
};
const tuning: Rule = {
  verdict: 'continue',
  reason: 'it applies to attempts to come; results stay valid',
};
const newOnly: Rule = {
  verdict: 'continue',
  reason: 'it concerns executions that are yet to start',
};
const declared: Rule = {
  verdict: 'continue',
  reason: 'it declares what the node may use, not what it does',
};
const unknownField: Rule = {
  verdict: 'pin',
  reason: 'its effect on recorded results is not known',
};
const otherResult: Rule = {
  verdict: 'pin',
  reason: 'recorded results may differ from what it gives now',
};

const FLOW_RULES: Readonly<Record<string, Rule>> = {
  id: { verdict: 'continue', reason: 'it follows from name and version' },
  name: {
    verdict: 'refuse',
    reason: 'it is another flow: ids and idempotency keys follow from the name',
  },
  version: { verdict: 'continue', reason: 'a new version is what is being compared' },
  profile: { verdict: 'continue', reason: 'it chooses what is checked, not what runs' },
  summary: forPeople,
  metadata: forPeople,
  artifacts: forPeople,
  policies: { verdict: 'continue', reason: 'it concerns checks before a run' },
  deadline_ms: {
    verdict: 'continue',
    reason: 'the deadline of an execution is fixed when it starts',
  },
};

/** The rule for a field of the flow itself, and for checkpoints and parameters by their list. */
export function flowRule(path: readonly string[], _before: unknown, after: unknown): Rule {
  const [field, step] = path;
  if (field === 'checkpoints') {
    if (step === 'removed') {
      return { verdict: 'pin', reason: 'executions may wait at it or resume from it' };
    }
    return step === 'added' ? newOnly : forPeople;
  }
  if (field === 'params') return paramRule(step, after);
  return FLOW_RULES[field ?? ''] ?? unknownField;
}

function paramRule(step: string | undefined, after: unknown): Rule {
  if (step === 'added') {
    const hasDefault = typeof after === 'object' && after !== null && 'default' in after;
    if (hasDefault) return newOnly;
    return { verdict: 'pin', reason: 'executions under way were started without it' };
  }
  if (step === 'removed') return { verdict: 'pin', reason: 'executions under way were given it' };
  return { verdict: 'pin', reason: 'executions under way were started with the old parameter' };
}

const NODE_RULES: Readonly<Record<string, Rule>> = {
  id: { verdict: 'continue', reason: 'it follows from the flow and the alias' },
  name: forPeople,
  summary: forPeople,
  source: forPeople,
  identifier: { verdict: 'pin', reason: 'another handler runs; its results may differ' },
  code_hash: { verdict: 'pin', reason: 'the handler changed; its results may differ' },
  kind: { verdict: 'pin', reason: 'the node is recorded and resumed in another way' },
  effects: { verdict: 'pin', reason: 'whether it may run again on resumption changes' },
  determinism: { verdict: 'pin', reason: 'whether it may run again on resumption changes' },
  determinismHints: declared,
  effectHints: declared,
  timeout_ms: tuning,
  retry: tuning,
  concurrency: tuning,
  cache: tuning,
  max_output_bytes: tuning,
  subflow: { verdict: 'pin', reason: 'another flow runs in its place' },
  checkpoint: { verdict: 'pin', reason: 'executions resume from the checkpoints that they took' },
  params: otherResult,
  params_schema: { verdict: 'continue', reason: 'it is checked before a run' },
  secrets: declared,
  credentials: declared,
  egress: declared,
  data_class: declared,
};

const TRIGGER_PINS: ReadonlySet<string> = new Set(['capture', 'respond', 'deadline_ms']);

/** The rule for a field of a node; its schemas are compared by diff-flows.ts. */
export function nodeRule(
  path: readonly string[],
  before: unknown,
  after: unknown,
  oldNode: NodeIR,
  newNode: NodeIR,
): Rule {
  const [field, inner] = path;
  switch (field) {
    case 'idempotency':
      return idempotencyRule(inner, before, after, [oldNode, newNode]);
    case 'compensation':
      if (inner === 'summary') return forPeople;
      if (inner === 'timeout_ms') return tuning;
      return {
        verdict: 'pin',
        reason: 'completed nodes must be undone by what they were run with',
      };
    case 'trigger':
      if (inner !== undefined && !TRIGGER_PINS.has(inner)) return newOnly;
      return { verdict: 'pin', reason: 'callers of executions under way expect the old answer' };
    default:
      return NODE_RULES[field ?? ''] ?? unknownField;
  }
}

function idempotencyRule(
  inner: string | undefined,
  before: unknown,
  after: unknown,
  nodes: readonly NodeIR[],
): Rule {
  if (inner === 'ttlMs') {
    const longer = typeof before === 'number' && typeof after === 'number' && after > before;
    if (longer) return tuning;
    return { verdict: 'pin', reason: 'keys that executions rely on may be forgotten sooner' };
  }
  if (nodes.some((node) => node.effects === 'effectful')) {
    return {
      verdict: 'refuse',
      reason: 'keys outlive executions: an effect done under an old key would be done again',
    };
  }
  return { verdict: 'pin', reason: 'recorded keys would not be found' };
}

const EDGE_RULES: Readonly<Record<string, Rule>> = {
  delivery: { verdict: 'pin', reason: 'messages on the edge were sent under the old promise' },
  ordering: { verdict: 'pin', reason: 'messages on the edge were sent under the old order' },
  partition_key: { verdict: 'pin', reason: 'messages on the edge are in the old partitions' },
  timeout_ms: tuning,
  'buffer/max_items': tuning,
  'buffer/spill_threshold_bytes': tuning,
  'buffer/spill_tier': { verdict: 'pin', reason: 'spilled messages are in the old store' },
  'buffer/on_drop': { verdict: 'pin', reason: 'which messages are lost changes' },
};

/** The rule for a field of an edge. */
export function edgeRule(path: readonly string[]): Rule {
  return EDGE_RULES[path.join('/')] ?? unknownField;
}

const LIMITS: ReadonlySet<SurfaceKind> = new Set(['timeout', 'rate_limit', 'error_handler']);
const TUNED_FIELDS: ReadonlySet<string> = new Set([
  'config/concurrency',
  'config/timeout_ms',
  'config/allowed_lateness_ms',
]);

/** The rule for a surface that was added or removed (empty path), or for one of its fields. */
export function surfaceRule(kind: SurfaceKind, path: readonly string[]): Rule {
  if (LIMITS.has(kind) || TUNED_FIELDS.has(path.join('/'))) return tuning;
  return { verdict: 'pin', reason: 'messages under way would be routed or grouped in another way' };
}
