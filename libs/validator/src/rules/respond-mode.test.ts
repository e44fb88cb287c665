import type { Profile, TriggerSpec } from '@basalt/ir';
import { buildFlow, trigger } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const flowWith = (profile: Profile, spec: TriggerSpec) =>
  buildFlow({ profile, nodes: [trigger('start', { trigger: spec }), 'a'], edges: ['start -> a'] });

describe('respond-mode', () => {
  test.each<[Profile, TriggerSpec, string]>([
    ['queue', { kind: 'http' }, 'value'],
    ['queue', { kind: 'http', respond: 'stream' }, 'stream'],
    ['wasm', { kind: 'http', respond: 'stream' }, 'stream'],
    ['metal', { kind: 'http', respond: 'stream' }, 'stream'],
    ['temporal', { kind: 'manual', respond: 'stream' }, 'stream'],
  ])('%s does not do %j', (profile, spec, respond) => {
    expectFindings(flowWith(profile, spec), [
      {
        code: 'DAG102',
        message: `Trigger start responds with ${respond}, which profile ${profile} cannot do.`,
        pointer: '/nodes/0/trigger/respond',
      },
    ]);
  });

  test.each<[Profile, TriggerSpec]>([
    ['web', { kind: 'http', respond: 'stream' }],
    ['dev', { kind: 'http', respond: 'stream' }],
    ['queue', { kind: 'http', respond: 'accepted' }],
    ['queue', { kind: 'queue', queue: 'q' }],
    ['wasm', { kind: 'http' }],
  ])('%s does %j', (profile, spec) => expectFindings(flowWith(profile, spec), []));

  it('checks for the profile of the caller', () => {
    const flow = flowWith('web', { kind: 'http', respond: 'stream' });
    expectFindings(
      flow,
      [
        {
          code: 'DAG102',
          message: 'Trigger start responds with stream, which profile queue cannot do.',
          pointer: '/nodes/0/trigger/respond',
        },
      ],
      { profile: 'queue' },
    );
  });
});
