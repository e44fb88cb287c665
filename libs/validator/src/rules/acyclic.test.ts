import { buildFlow, surface } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const cycle = (names: string, pointer: string) => ({
  code: 'DAG200',
  message: `The nodes ${names} form a cycle.`,
  pointer,
});

describe('acyclic', () => {
  it('names the whole cycle, and each separate cycle once', () => {
    const nodes = ['start', 'a', 'b', 'c', 'x', 'y', 'z'];
    const edges = ['start -> a -> b -> c -> a', 'b -> a', 'c -> x -> y -> x', 'z -> z'];
    expectFindingsOf(['DAG200'], buildFlow({ nodes, edges }), [
      cycle('a -> b -> a', '/nodes/1'),
      cycle('x -> y -> x', '/nodes/4'),
      cycle('z -> z', '/nodes/6'),
    ]);
  });

  it('shortens a long cycle in the message', () => {
    const nodes = Array.from({ length: 20 }, (_, i) => `n${i}`);
    const edges = [[...nodes, 'n0'].join(' -> ')];
    const shown = nodes.slice(0, 12).join(' -> ');
    expectFindingsOf(['DAG200'], buildFlow({ nodes, edges }), [
      cycle(`${shown} -> 8 more -> n0`, '/nodes/0'),
    ]);
  });

  it('allows exactly the way back of a loop', () => {
    const loop = { source: 'b', selector_pointer: '', body_entry: 'a', exit: 'c' };
    const control_surfaces = [surface('loop', { ...loop, max_iterations: 2 })];
    const nodes = ['start', 'a', 'b', 'c'];
    const edges = ['start -> a -> b -> c', 'b -> a'];
    expectFindingsOf(['DAG200'], buildFlow({ nodes, edges, control_surfaces }), []);
    const second = [...edges, 'c -> b'];
    expectFindingsOf(['DAG200'], buildFlow({ nodes, edges: second, control_surfaces }), [
      cycle('b -> c -> b', '/nodes/2'),
    ]);
  });
});
