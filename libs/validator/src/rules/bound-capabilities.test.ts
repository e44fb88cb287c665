import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('bound-capabilities', () => {
  const flow = buildFlow({
    nodes: [
      'start',
      node('a', { effectHints: ['resource::kv::write', 'resource::blob::read'] }),
      node('b', { effectHints: ['resource::crm', 'note'], secrets: ['token'] }),
    ],
  });
  const bound = (...names: string[]) => ({
    bindings: { capabilities: new Set(names), credentials: new Map() },
  });

  it('lists what is missing, sorted', () => {
    expectFindingsOf(
      ['CAP101'],
      flow,
      [
        {
          code: 'CAP101',
          message:
            'The flow flow needs resource::blob::read, resource::crm, resource::secrets, for which no provider is bound.',
          pointer: '',
        },
      ],
      bound('kv'),
    );
  });

  it('says nothing where all is bound, or bindings are not given', () => {
    const known = buildFlow({
      nodes: ['start', node('a', { effectHints: ['resource::kv::read'] })],
    });
    expectFindingsOf(['CAP101'], known, [], bound('kv'));
    expectFindingsOf(['CAP101'], flow, []);
  });
});
