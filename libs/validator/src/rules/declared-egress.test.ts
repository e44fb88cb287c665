import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('declared-egress', () => {
  const calling = (url: unknown, egress?: string[]) =>
    buildFlow({
      nodes: [
        'start',
        node('a', egress === undefined ? { params: { url } } : { params: { url }, egress }),
      ],
    });

  it('reports an address outside the list', () => {
    const flow = calling('https://other.example.org/x?y=1', ['api.example.com', '*.example.net']);
    expectFindingsOf(['EGRESS101'], flow, [
      {
        code: 'EGRESS101',
        message: 'Node a calls other.example.org, which its egress list does not allow.',
        pointer: '/nodes/1/params/url',
      },
    ]);
  });

  it('takes listed hosts, other texts, and nodes without a list', () => {
    expectFindingsOf(
      ['EGRESS101'],
      calling('HTTPS://API.example.com:8443/', ['api.example.com']),
      [],
    );
    expectFindingsOf(['EGRESS101'], calling('https://a.b.example.net', ['*.example.net']), []);
    expectFindingsOf(['EGRESS101'], calling('https://[', []), []);
    expectFindingsOf(['EGRESS101'], calling(7, []), []);
    expectFindingsOf(['EGRESS101'], calling('https://anywhere.example'), []);
  });
});
