// What delivery, keys, caches and spilling demand is demanded by every profile: one flow that breaks
// all of it, and one that breaks none.
import { PROFILES, type FlowIR } from '@basalt/ir';
import { buildFlow, edge, node } from './testing/build-flow.js';
import { validateFlow } from './validate-flow.js';

const CODES = /^(EXACT|IDEM|CACHE|SPILL)/;

const schemas = {
  Order: {
    type: 'object',
    properties: { id: { type: 'string' }, note: { type: 'string' } },
    required: ['id'],
  },
};
const input = { kind: 'named', name: 'Order' } as const;

const broken = buildFlow({
  schemas,
  nodes: [
    'start',
    node('bare', { effects: 'effectful' }),
    node('forgetful', {
      effects: 'effectful',
      summary: 'Writes once for an id.',
      effectHints: ['resource::dedupe::write'],
      idempotency: { key: '/id', ttlMs: 1_000 },
    }),
    node('parted', {
      effects: 'effectful',
      in_schema: input,
      idempotency: { key: '/note', scope: 'partition' },
    }),
    node('reader', { effects: 'read_only', effectHints: ['resource::kv::read'] }),
    node('rates', { determinism: 'stable', cache: { tier: 'memory' } }),
    node('mail', { effects: 'effectful', idempotency: { key: '' }, cache: { tier: 'memory' } }),
  ],
  edges: [
    edge('start -> bare', { delivery: 'exactly_once' }),
    edge('start -> forgetful', { delivery: 'exactly_once' }),
    'start -> parted',
    edge('start -> reader', { buffer: { spill_tier: 'local' } }),
    'start -> rates',
    'start -> mail',
  ],
});

const sound = buildFlow({
  schemas,
  nodes: [
    'start',
    node('sink', {
      effects: 'effectful',
      summary: 'Writes once for an id; a repeat changes nothing.',
      in_schema: input,
      effectHints: ['resource::dedupe::write', 'resource::blob::write'],
      idempotency: { key: '/id', scope: 'partition', ttlMs: 300_000 },
    }),
    node('reader', {
      effects: 'read_only',
      effectHints: ['resource::kv::read'],
      cache: { tier: 'memory', pin: 'v1' },
    }),
  ],
  edges: [
    edge('start -> sink', {
      delivery: 'exactly_once',
      partition_key: '/id',
      buffer: { max_items: 8, spill_tier: 'local' },
    }),
    'start -> reader',
  ],
});

const codesFor = (flow: FlowIR, profile: FlowIR['profile']) =>
  validateFlow(flow, { profile, maxFindings: 1_000 })
    .map(({ code }) => code)
    .filter((code) => CODES.test(code));

describe.each([...PROFILES])('the profile %s', (profile) => {
  it('demands of deliveries, keys, caches and spilling what every profile demands', () => {
    expect(codesFor(broken, profile).toSorted()).toEqual([
      'CACHE001',
      'CACHE002',
      'CACHE003',
      'EXACT001',
      'EXACT002',
      'EXACT003',
      'EXACT005',
      'IDEM020',
      'IDEM025',
      'SPILL001',
      'SPILL002',
    ]);
    expect(codesFor(sound, profile)).toEqual([]);
  });
});
