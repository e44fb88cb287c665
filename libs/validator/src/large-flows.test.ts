// Graphs of 100,000 nodes validate, and the number of steps grows with the size, not faster.
import type { ControlSurfaceIR, EdgeIR, FlowIR, NodeIR } from '@basalt/ir';
import { activationOf } from './activation.js';
import { buildFlowIndex } from './flow-index.js';
import { buildFlow, edge, node, surface, trigger } from './testing/build-flow.js';
import { validateFlow } from './validate-flow.js';

const nodesOf = (count: number): NodeIR[] =>
  Array.from({ length: count }, (_, i) => (i === 0 ? trigger('n0') : node(`n${i}`)));
const to = (from: number, target: number): EdgeIR => edge(`n${from} -> n${target}`);

const SHAPES: Readonly<Record<string, (count: number) => FlowIR>> = {
  chain: (count) =>
    buildFlow({
      nodes: nodesOf(count),
      edges: Array.from({ length: count - 1 }, (_, i) => to(i, i + 1)),
    }),
  star: (count) =>
    buildFlow({
      nodes: nodesOf(count),
      edges: Array.from({ length: count - 1 }, (_, i) => to(0, i + 1)),
    }),
  'dense cycles': (count) =>
    buildFlow({
      nodes: nodesOf(count),
      edges: nodesOf(count).flatMap((_, i) =>
        [1, 2, 3].map((k) => to(i, 1 + ((i + k * 7) % (count - 1)))),
      ),
    }),
  diamonds: (count) => {
    const edges: EdgeIR[] = [to(0, 1)];
    const control_surfaces: ControlSurfaceIR[] = [];
    for (let a = 1; a + 4 < count; a += 4) {
      const [b, c, d] = [a + 1, a + 2, a + 3];
      edges.push(to(a, b), to(a, c), to(b, d), to(c, d), to(d, d + 1));
      const [source, then, other, target] = [`n${a}`, `n${b}`, `n${c}`, `n${d}`];
      const route = { source, selector_pointer: '', then, else: other };
      const join = { target, sources: [then, other] };
      control_surfaces.push(
        a % 8 === 1
          ? surface('if', route, [source, then, other], `if:${a}`)
          : surface('join', join, [], `join:${a}`),
      );
    }
    const last = Number(edges.at(-1)!.to.slice(1));
    return buildFlow({ nodes: nodesOf(last + 1), edges, control_surfaces });
  },
};

function stepsOf(flow: FlowIR): number {
  const index = buildFlowIndex(flow);
  void [index.reachable, index.cycles, index.topological];
  activationOf(index);
  return index.steps;
}

describe.each(Object.entries(SHAPES))('%s', (name, make) => {
  it('takes ten times the steps for ten times the size', () => {
    const [small, large] = [stepsOf(make(1_001)), stepsOf(make(10_001))];
    expect(large / small).toBeLessThan(10.1);
    expect(large / small).toBeGreaterThan(9.5);
  });

  it('validates with 100,000 nodes', () => {
    const codes = validateFlow(make(100_000)).map(({ code }) => code);
    expect(codes).toEqual(name === 'dense cycles' ? ['DAG200'] : []);
  });
});

describe('searches', () => {
  it('stop at their budget, so that many of them stay linear together', () => {
    const count = 20_000;
    const flow = SHAPES['chain']!(count);
    const index = buildFlowIndex(flow);
    const built = index.steps;
    const answers = index.nodes.map((start) => index.search(start, () => false));
    expect(answers[0]).toBe(false);
    expect(answers.at(-2)).toBeUndefined();
    expect(index.steps - built).toBeLessThanOrEqual(16 * (2 * count) + 100_000);
  });
});
