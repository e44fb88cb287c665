// Whatever a flow holds, validation ends with findings, always the same ones.
import {
  SURFACE_CONFIGS,
  SURFACE_KINDS,
  PROFILES,
  type FlowIR,
  type SurfaceKind,
} from '@basalt/ir';
import fc from 'fast-check';
import { buildFlow } from './testing/build-flow.js';
import { validateFlow } from './validate-flow.js';

const alias = fc.constantFrom(
  'start',
  'a',
  'b',
  'c',
  'd',
  '',
  '__proto__',
  'toString',
  'x -> y',
  '\u0000',
);
const number = fc.constantFrom(0, 1, 2, 1000, Number.MAX_SAFE_INTEGER);
const hint = fc.constantFrom(
  'resource::http::write',
  'resource::dedupe::write',
  'resource::clock',
  '',
);
const maybe = <T>(part: fc.Arbitrary<T>) => fc.option(part, { nil: undefined, freq: 2 });

const trigger = fc.record(
  {
    kind: fc.constantFrom('manual', 'http', 'cron', 'queue', 'event'),
    route: fc.constantFrom('/a', '/:id', 'x', ''),
    schedule: fc.constantFrom('* * * * *', '99 * * * *', ''),
    respond: fc.constantFrom('value', 'stream', 'accepted'),
    capture: alias,
    deadline_ms: number,
  },
  { requiredKeys: ['kind'] },
);

const node = fc.record(
  {
    id: fc.string(),
    alias,
    identifier: fc.constantFrom('h', ''),
    name: fc.constantFrom('n', ''),
    kind: fc.constantFrom('trigger', 'inline', 'activity', 'subflow'),
    in_schema: fc.constant({ kind: 'opaque' }),
    out_schema: fc.constantFrom({ kind: 'opaque' }, { kind: 'named', name: '__proto__' }),
    effects: fc.constantFrom('pure', 'read_only', 'effectful'),
    determinism: fc.constantFrom('strict', 'stable', 'best_effort', 'nondeterministic'),
    idempotency: fc.record({ key: fc.constantFrom('', '/id', 'id', '/~9') }, { requiredKeys: [] }),
    determinismHints: fc.array(hint, { maxLength: 2 }),
    effectHints: fc.array(hint, { maxLength: 2 }),
    trigger,
    subflow: alias,
    timeout_ms: number,
    concurrency: fc.record({ max: number, batch: number }, { requiredKeys: ['max'] }),
    compensation: fc.constant({ identifier: 'undo' }),
    params: fc.dictionary(alias, fc.jsonValue()),
    params_schema: fc.oneof(
      fc.boolean(),
      fc.constant({ $ref: '#' }),
      fc.dictionary(
        fc.constantFrom('type', 'properties', 'items', '$ref', 'pattern'),
        fc.jsonValue(),
      ),
    ),
    cache: fc.constant({ tier: 'disk', ttl_ms: 1 }),
  },
  {
    requiredKeys: [
      ...(['id', 'alias', 'identifier', 'name', 'kind', 'in_schema', 'out_schema'] as const),
      ...(['effects', 'determinism', 'idempotency', 'determinismHints', 'effectHints'] as const),
    ],
  },
);

const edge = fc.record({
  from: alias,
  to: alias,
  delivery: fc.constantFrom('at_least_once', 'at_most_once', 'exactly_once'),
  ordering: fc.constantFrom('ordered', 'unordered'),
  buffer: fc.record(
    {
      max_items: number,
      spill_tier: fc.string(),
      on_drop: fc.constantFrom('block', 'drop_oldest'),
    },
    { requiredKeys: [] },
  ),
  timeout_ms: maybe(number),
});

/** Values for a key of a surface: mostly of the right type, so that rules get beyond the shape. */
function configOf(kind: SurfaceKind): fc.Arbitrary<unknown> {
  const value = (key: string): fc.Arbitrary<unknown> => {
    if (key === 'v') return fc.constant(1);
    if (/pointer|key/.test(key)) return fc.constantFrom('', '/x', '/~');
    if (/_ms|max_|burst|qps|concurrency/.test(key)) return number;
    if (key === 'sources' || key === 'nodes') return fc.array(alias, { maxLength: 4 });
    if (key === 'scope') return fc.record({ nodes: fc.array(alias, { maxLength: 3 }) });
    if (key === 'cases') return fc.dictionary(fc.string(), alias, { maxKeys: 3 });
    if (key === 'edge') return fc.record({ from: alias, to: alias });
    if (key === 'mode') return fc.constantFrom('all', 'available');
    if (key === 'strategy') return fc.constantFrom('retry', 'fail', 'continue');
    return fc.oneof({ weight: 8, arbitrary: alias }, { weight: 1, arbitrary: fc.jsonValue() });
  };
  const keys = Object.keys(SURFACE_CONFIGS[kind].properties);
  const record = fc.record(Object.fromEntries(keys.map((key) => [key, value(key)])), {
    requiredKeys: [],
  });
  const whole = fc.record(Object.fromEntries(keys.map((key) => [key, value(key)])));
  return fc.oneof({ weight: 4, arbitrary: whole }, record, fc.jsonValue());
}

const surface = fc.constantFrom(...SURFACE_KINDS).chain((kind) =>
  fc.record({
    id: fc.constantFrom('s', 't', ''),
    kind: fc.constant(kind),
    targets: fc.array(alias, { maxLength: 4 }),
    config: configOf(kind),
  }),
);

const flow = fc
  .record(
    {
      version: fc.constantFrom('1.0.0', 'x'),
      profile: fc.constantFrom(...PROFILES),
      nodes: fc.array(node, { maxLength: 8 }),
      edges: fc.array(edge, { maxLength: 16 }),
      control_surfaces: fc.array(surface, { maxLength: 5 }),
      checkpoints: fc.array(fc.record({ id: alias }), { maxLength: 2 }),
      schemas: fc.dictionary(alias, fc.constantFrom(true, {}, { type: 'object' })),
      params: fc.dictionary(alias, fc.record({ schema: fc.boolean(), default: fc.jsonValue() })),
      deadline_ms: number,
    },
    { requiredKeys: ['version', 'profile', 'nodes', 'edges', 'control_surfaces', 'checkpoints'] },
  )
  .map((parts) => buildFlow(parts as unknown as FlowIR));

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, part]) => [key, reversed(part)]));
}

/** Keys whose order is meant: cases, params and schemas are reported in the order of the document. */
const sorted = (value: unknown): string[] =>
  validateFlow(value as FlowIR, { maxFindings: 10_000 })
    .map(({ code, message, location }) => JSON.stringify([code, message, location]))
    .sort();

describe('validateFlow, for any flow', () => {
  it('never throws, and gives equal flows equal findings', () => {
    fc.assert(
      fc.property(flow, (value) => {
        const found = validateFlow(value);
        expect(validateFlow(structuredClone(value))).toEqual(found);
        expect(JSON.parse(JSON.stringify(found)).length).toBe(found.length);
        expect(found.length).toBeLessThanOrEqual(101);
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of keys', () => {
    const plain = flow.filter((value) =>
      value.control_surfaces.every(({ kind }) => kind !== 'switch'),
    );
    fc.assert(
      fc.property(plain, (value) => {
        const bare = {
          ...value,
          nodes: value.nodes.map(({ params: _, params_schema: __, ...n }) => n),
        };
        expect(sorted(reversed(bare))).toEqual(sorted(bare));
      }),
      { numRuns: 200 },
    );
  });
});
