import { parsePolicy } from '../policy/parse-policy.js';
import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('policy-capabilities', () => {
  const { policy } = parsePolicy(
    'version: 1\ncapabilities: { allow: ["resource::kv::*", "resource::queue::*"], deny: ["*::publish"] }',
    'p.yaml',
  );
  const flowWith = (effectHints: string[], secrets?: string[]) =>
    buildFlow({
      nodes: [
        'start',
        node('a', secrets === undefined ? { effectHints } : { effectHints, secrets }),
      ],
    });

  it('reports what is denied, and what is not allowed', () => {
    const flow = flowWith(['resource::queue::publish', 'resource::kv::read'], ['token']);
    const message = (hint: string) => `Node a uses ${hint}, which the policy p.yaml denies.`;
    const pointer = '/nodes/1';
    expectFindingsOf(
      ['POL101'],
      flow,
      [
        { code: 'POL101', message: message('resource::queue::publish'), pointer },
        { code: 'POL101', message: message('resource::secrets'), pointer },
      ],
      { policy: policy! },
    );
  });

  it('takes what is allowed, and everything without a policy', () => {
    expectFindingsOf(['POL101'], flowWith(['resource::kv::write']), [], { policy: policy! });
    expectFindingsOf(['POL101'], flowWith(['resource::queue::publish']), []);
  });
});
