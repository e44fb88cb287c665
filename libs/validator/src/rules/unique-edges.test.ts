import { buildFlow } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const nodes = ['start', 'a', 'b'];

describe('unique-edges', () => {
  it('reports every later edge between two nodes', () => {
    const edges = ['start -> a -> b', 'start -> a', 'start -> a'];
    const message = 'The edge start -> a is declared more than once.';
    expectFindings(buildFlow({ nodes, edges }), [
      { code: 'DAG211', message, pointer: '/edges/2' },
      { code: 'DAG211', message, pointer: '/edges/3' },
    ]);
  });

  it('tells names apart that look alike when they are joined', () => {
    const odd = ['start', 'a', 'a -> a', 'b'];
    const edges = ['start -> a', 'start -> b'].flatMap(
      (arrow) => buildFlow({ edges: [arrow] }).edges,
    );
    const more = [
      { ...edges[0]!, from: 'a', to: 'a -> a' },
      { ...edges[0]!, from: 'a -> a', to: 'b' },
    ];
    expectFindings(buildFlow({ nodes: odd, edges: [...edges, ...more] }), []);
  });
});
