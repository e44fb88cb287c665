import { buildFlow, surface } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const loop = { source: 'check', selector_pointer: '/again', body_entry: 'work', exit: 'end' };
const nodes = ['start', 'work', 'check', 'end'];
const edges = ['start -> work -> check -> end', 'check -> work'];

describe('loop-bounds', () => {
  it('wants a bound, and then takes the edge back as no cycle', () => {
    const bounded = [surface('loop', { ...loop, max_iterations: 3 })];
    expectFindings(buildFlow({ nodes, edges, control_surfaces: bounded }), []);
    expectFindings(buildFlow({ nodes, edges, control_surfaces: [surface('loop', loop)] }), [
      {
        code: 'DAG215',
        message: 'Loop loop:0 has no bound on its passes.',
        pointer: '/control_surfaces/0/config',
      },
    ]);
  });

  it('wants a body that leads back', () => {
    const control_surfaces = [surface('loop', { ...loop, max_iterations: 3 })];
    const straight = ['start -> check -> work', 'check -> end'];
    expectFindings(buildFlow({ nodes, edges: straight, control_surfaces }), [
      {
        code: 'CTRL142',
        message:
          'Loop loop:0 is not valid: body_entry work does not lead back to the source check.',
        pointer: '/control_surfaces/0/config/body_entry',
      },
    ]);
  });

  it('accepts a node that repeats itself', () => {
    const self = { ...loop, source: 'work', body_entry: 'work', exit: 'end', max_iterations: 1 };
    const parts = {
      nodes: ['start', 'work', 'end'],
      edges: ['start -> work -> end', 'work -> work'],
    };
    expectFindings(buildFlow({ ...parts, control_surfaces: [surface('loop', self)] }), []);
  });
});
