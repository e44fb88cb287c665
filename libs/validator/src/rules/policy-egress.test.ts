import { parsePolicy } from '../policy/parse-policy.js';
import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('policy-egress', () => {
  const { policy } = parsePolicy(
    'version: 1\negress: { allow: ["*.example.com"], deny: ["old.example.com"] }',
    'p.yaml',
  );
  const effectHints = ['resource::http::read'];
  const told = (parts: Parameters<typeof node>[1], hosts: readonly string[]) =>
    expectFindingsOf(
      ['POL102'],
      buildFlow({ nodes: ['start', node('a', { effectHints, ...parts })] }),
      hosts.map((host) => ({
        code: 'POL102',
        message: `Node a calls ${host}, which the policy p.yaml does not allow.`,
        pointer: '/nodes/1/egress',
      })),
      { policy: policy! },
    );

  it('reports hosts that are not allowed, or denied, or reached by a star', () => {
    told({ egress: ['api.example.com', 'example.org'] }, ['example.org']);
    told({ egress: ['old.example.com', '*.example.com'] }, ['old.example.com', '*.example.com']);
    told({ egress: [], params: { url: 'https://evil.example.org/' } }, ['evil.example.org']);
  });

  it('reports a node that uses HTTP and lists no hosts', () => {
    told({}, ['any host, for it lists none']);
  });

  it('takes allowed hosts, and nodes that call nobody', () => {
    told({ egress: ['API.example.com'] }, []);
    told({ effectHints: [] }, []);
  });
});
