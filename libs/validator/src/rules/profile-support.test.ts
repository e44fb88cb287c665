import { PROFILES, type Profile } from '@basalt/ir';
import { buildFlow, edge, node, surface, trigger } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';
import { validateFlow } from '../validate-flow.js';

/** A flow that declares every property that some profile does not honour. */
const everything = buildFlow({
  nodes: [
    trigger('nightly', { trigger: { kind: 'cron', schedule: '0 3 * * *' } }),
    trigger('jobs', { trigger: { kind: 'queue', queue: 'jobs' } }),
    trigger('call', { trigger: { kind: 'http', capture: 'b' } }),
    node('a', { cache: { tier: 'disk' }, checkpoint: 'ok' }),
    node('b', { cache: { tier: 'redis' }, effectHints: ['resource::http::write'] }),
  ],
  edges: [
    edge('nightly -> a', { buffer: { spill_tier: 'big', max_items: 1 } }),
    edge('jobs -> a', { delivery: 'exactly_once' }),
    edge('call -> a', { buffer: { on_drop: 'drop_oldest' } }),
    edge('a -> b'),
  ],
  checkpoints: [{ id: 'ok' }],
  control_surfaces: [surface('await', { checkpoint_id: 'ok', correlation_key: '/id' }, ['a', 'b'])],
});

const EXPECTED: Readonly<Record<Profile, readonly string[]>> = {
  dev: [],
  queue: [],
  web: [
    'the trigger kind cron of node nightly',
    'the trigger kind queue of node jobs',
    'a wait without an end of surface await:0',
  ],
  temporal: [
    'the cache of node a',
    'the cache of node b',
    'the dropping of messages of edge call -> a',
  ],
  wasm: [
    'the trigger kind cron of node nightly',
    'the trigger kind queue of node jobs',
    'the cache tier disk of node a',
    'the checkpoint of node a',
    'the cache tier redis of node b',
    'the spill tier of edge nightly -> a',
    'the await of surface await:0',
  ],
  metal: [
    'the trigger kind cron of node nightly',
    'the trigger kind queue of node jobs',
    'the cache tier disk of node a',
    'the checkpoint of node a',
    'the cache tier redis of node b',
    'the hint resource::http::write of node b',
    'the spill tier of edge nightly -> a',
    'the delivery exactly_once of edge jobs -> a',
    'the await of surface await:0',
  ],
};

describe('profile-support', () => {
  test.each([...PROFILES])('%s', (profile) => {
    const found = validateFlow(everything, { profile })
      .filter(({ code }) => code === 'PROF101')
      .map(({ message }) => /does not honour (.*?): /.exec(message)?.[1]);
    expect(found).toEqual(EXPECTED[profile]);
  });

  it('says why, and where', () => {
    const nodes = ['start', node('a', { cache: { tier: 'disk' } })];
    const flow = buildFlow({ profile: 'wasm', nodes, edges: ['start -> a'] });
    expectFindingsOf(['PROF101'], flow, [
      {
        code: 'PROF101',
        message: 'Profile wasm does not honour the cache tier disk of node a: it has no disk.',
        pointer: '/nodes/1/cache/tier',
      },
    ]);
  });
});
