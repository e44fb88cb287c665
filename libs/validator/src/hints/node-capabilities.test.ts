import { buildFlow, node } from '../testing/build-flow.js';
import { capabilitiesOf, preflightCapabilities } from './node-capabilities.js';

describe('capabilitiesOf', () => {
  it('lists what hints and secrets grant, sorted and unique', () => {
    const reader = node('a', {
      effectHints: ['resource::kv::read', 'resource::http::write', 'resource::crm'],
      determinismHints: ['resource::clock', 'resource::kv', 'resource::http'],
      secrets: ['token'],
    });
    expect(capabilitiesOf(reader)).toEqual(['clock', 'httpWrite', 'kv', 'secrets']);
    expect(capabilitiesOf(node('b'))).toEqual([]);
    const cached = (tier: 'memory' | 'disk' | 'redis') =>
      capabilitiesOf(node('c', { cache: { tier }, effectHints: ['resource::cache::read'] }));
    expect(cached('memory')).toEqual(['cache']);
    expect(cached('disk')).toEqual(['cache', 'cacheDisk']);
    expect(cached('redis')).toEqual(['cache', 'cacheRedis']);
  });
});

describe('preflightCapabilities', () => {
  it('lists missing hints of the flow and its subflows, sorted and unique', () => {
    const inner = buildFlow({ nodes: [node('x', { effectHints: ['resource::blob::read'] })] });
    const flow = buildFlow({
      nodes: [
        node('a', { effectHints: ['resource::kv::write', 'resource::crm', 'note'] }),
        node('b', { effectHints: ['resource::kv::write', 'resource::db::read'] }),
      ],
      subflows: { inner },
    });
    expect(preflightCapabilities(flow, new Set(['db']))).toEqual([
      'resource::blob::read',
      'resource::crm',
      'resource::kv::write',
    ]);
    expect(preflightCapabilities(flow, new Set(['db', 'kv', 'blob']))).toEqual(['resource::crm']);
    const tiers = buildFlow({
      nodes: [
        node('a', { cache: { tier: 'redis' } }),
        node('b', { cache: { tier: 'memory' } }),
        node('c', { cache: { tier: 'disk' } }),
      ],
    });
    expect(preflightCapabilities(tiers, new Set(['cache', 'cacheRedis']))).toEqual([
      'resource::cache::disk',
    ]);
  });
});
