import { buildFlow } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const parts = { nodes: ['start', 'a'], edges: ['start -> a'] };

describe('strict-version', () => {
  test.each(['1.0.0', '0.1.0-rc.1+build.5'])('accepts %s', (version) => {
    expectFindings(buildFlow({ ...parts, version }), []);
  });

  test.each(['', 'v1.0.0', '1.0', '01.0.0', '1.0.0 ', '1.0.0\n'])('refuses %p', (version) => {
    const message = `${JSON.stringify(version)} is not a strict semantic version.`;
    expectFindings(buildFlow({ ...parts, version }), [
      { code: 'DOC014', message, pointer: '/version' },
    ]);
  });
});
