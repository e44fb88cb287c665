import { buildFlow, surface } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const parts = { nodes: ['start', 'a', 'b', 'c'], edges: ['start -> a -> b', 'a -> c'] };
const route = { source: 'a', selector_pointer: '/x' };
const all = ['a', 'b', 'c'];
const anIf = (id: string) => surface('if', { ...route, then: 'b', else: 'c' }, all, id);
const aSwitch = (id: string) => surface('switch', { ...route, cases: { x: 'b', y: 'c' } }, all, id);
const pointer = '/control_surfaces/1/config';

describe('one-router-a-source', () => {
  it('has codes of their own for two ifs and for two switches', () => {
    const ifs = [anIf('first'), anIf('second')];
    expectFindings(buildFlow({ ...parts, control_surfaces: ifs }), [
      { code: 'CTRL122', message: 'Ifs first and second both route the output of a.', pointer },
    ]);
    const switches = [aSwitch('first'), aSwitch('second')];
    expectFindings(buildFlow({ ...parts, control_surfaces: switches }), [
      {
        code: 'CTRL112',
        message: 'Switches first and second both route the output of a.',
        pointer,
      },
    ]);
  });

  it('reports an if and a switch', () => {
    const control_surfaces = [anIf('first'), aSwitch('second')];
    expectFindings(buildFlow({ ...parts, control_surfaces }), [
      {
        code: 'DAG213',
        message: 'Surfaces first and second both route the output of a.',
        pointer,
      },
    ]);
  });

  it('accepts one', () => {
    expectFindings(buildFlow({ ...parts, control_surfaces: [anIf('only')] }), []);
  });
});
