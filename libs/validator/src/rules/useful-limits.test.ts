import { buildFlow, edge, node, surface, trigger } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const late = (what: string, pointer: string) => ({
  code: 'TIME016',
  message: `${what} may take 501 ms, but every execution ends after 500 ms.`,
  pointer,
});

const parts = (timeout_ms: number) => ({
  nodes: [
    trigger('start', { trigger: { kind: 'manual', deadline_ms: 500 } }),
    node('a', { timeout_ms }),
  ],
  edges: [edge('start -> a', { timeout_ms })],
  control_surfaces: [surface('timeout', { nodes: ['a'], timeout_ms })],
});

describe('useful-limits', () => {
  it('reports limits of edges, nodes and surfaces behind the deadline', () => {
    expectFindings(buildFlow(parts(501)), [
      late('The edge start -> a', '/edges/0/timeout_ms'),
      late('Node a', '/nodes/1/timeout_ms'),
      late('Surface timeout:0', '/control_surfaces/0/config/timeout_ms'),
    ]);
  });

  it('takes the deadline of the flow, and the longest of several triggers', () => {
    expectFindings(buildFlow(parts(500)), []);
    const nodes = [...parts(501).nodes, trigger('other')];
    const edges = [...parts(501).edges, edge('other -> a')];
    const lint = { require_control_hints: false, allow_multiple_triggers: true };
    const two = { ...parts(501), nodes, edges, policies: { lint } };
    expectFindings(buildFlow(two), []);
    expectFindings(buildFlow({ ...two, control_surfaces: [], deadline_ms: 500 }), [
      late('The edge start -> a', '/edges/0/timeout_ms'),
      late('Node a', '/nodes/1/timeout_ms'),
    ]);
  });
});
