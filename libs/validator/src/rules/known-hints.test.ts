import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';
import { validateFlow } from '../validate-flow.js';

describe('known-hints', () => {
  const flow = buildFlow({
    nodes: ['start', node('a', { effectHints: ['resource::htp::read', 'owner::team-a'] })],
  });

  it('reports an unknown resource hint and leaves notes alone', () => {
    expectFindingsOf(['DAG003'], flow, [
      {
        code: 'DAG003',
        message: 'Node a names the resource hint resource::htp::read, which does not exist.',
        pointer: '/nodes/1/effectHints/0',
      },
    ]);
  });

  it('says which one may be meant', () => {
    const [finding] = validateFlow(flow).filter(({ code }) => code === 'DAG003');
    expect(finding?.help).toMatch(/^Did you mean resource::http::read\? /);
  });

  it('takes every known hint', () => {
    const nodes = ['start', node('a', { determinismHints: ['resource::git::read::tags'] })];
    expectFindingsOf(['DAG003'], buildFlow({ nodes }), []);
  });
});
