import { buildFlow, surface } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const policies = { lint: { require_control_hints: true } };
const parts = { nodes: ['start', 'a', 'b', 'c'], edges: ['start -> a -> b', 'a -> c'] };
const anIf = surface('if', { source: 'a', selector_pointer: '', then: 'b', else: 'c' }, [
  'a',
  'b',
  'c',
]);
const partition = surface('partition', { edge: { from: 'a', to: 'b' }, key: '/k' });

describe('control-hints', () => {
  it('warns of a fan-out without a surface, where the flow asks for it', () => {
    expectFindings(buildFlow(parts), []);
    expectFindings(buildFlow({ ...parts, policies }), [
      {
        code: 'CTRL001',
        message: 'Node a has no control surface: every message goes along all 2 edges.',
        pointer: '/nodes/1',
      },
    ]);
  });

  test.each([[anIf], [partition]])('accepts surface %#', (s) => {
    expectFindings(buildFlow({ ...parts, policies, control_surfaces: [s] }), []);
  });
});
