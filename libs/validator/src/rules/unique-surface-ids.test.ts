import { buildFlow, surface } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const limit = (target: string, id: string) =>
  surface('rate_limit', { target, qps: 5, burst: 5 }, [], id);
const parts = { nodes: ['start', 'a', 'b'], edges: ['start -> a -> b'] };

describe('unique-surface-ids', () => {
  it('reports every later surface of an id', () => {
    const control_surfaces = [limit('a', 'x'), limit('b', 'x')];
    expectFindings(buildFlow({ ...parts, control_surfaces }), [
      {
        code: 'DAG212',
        message: 'The control surface id x is used more than once.',
        pointer: '/control_surfaces/1/id',
      },
    ]);
  });

  it('accepts different ids', () => {
    const control_surfaces = [limit('a', 'x'), limit('b', '__proto__')];
    expectFindings(buildFlow({ ...parts, control_surfaces }), []);
  });
});
