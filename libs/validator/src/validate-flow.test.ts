import type { FlowIR } from '@basalt/ir';
import { specifiedRules } from './specified-rules.js';
import { buildFlow, node, trigger } from './testing/build-flow.js';
import { expectFindings } from './testing/expect-findings.js';
import { validateFlow } from './validate-flow.js';

const broken = (name: string, subflows?: Readonly<Record<string, FlowIR>>) =>
  buildFlow({ name, nodes: ['start'], ...(subflows ? { subflows } : {}) });
const DEAD_END = 'Trigger start has no outgoing edge, so nothing that it receives is used.';

describe('validateFlow', () => {
  it('checks subflows at any depth, each once, with prefixed pointers', () => {
    const shared = broken('shared');
    const flow = broken('outer', { 'a/b': broken('inner', { shared }), again: shared });
    expectFindings(
      flow,
      ['/nodes/0', '/subflows/a~1b/nodes/0', '/subflows/a~1b/subflows/shared/nodes/0'].map(
        (pointer) => ({ code: 'DAG101', message: DEAD_END, pointer }),
      ),
    );
  });

  it('reports a flow that contains itself, and ends', () => {
    const subflows: Record<string, FlowIR> = {};
    const middle = buildFlow({
      name: 'middle',
      nodes: ['start', 'x'],
      edges: ['start -> x'],
      subflows,
    });
    subflows['back'] = middle;
    const outer = buildFlow({ nodes: ['start', 'x'], edges: ['start -> x'], subflows: { middle } });
    expectFindings(outer, [
      {
        code: 'DAG217',
        message: 'Flow middle is one of its own subflows, along back.',
        pointer: '/subflows/middle/subflows/back',
      },
    ]);
  });

  it('holds for subflows that share their subflows many times over', () => {
    let flow = buildFlow({ nodes: ['start', 'x'], edges: ['start -> x'] });
    for (let depth = 0; depth < 40; depth += 1) {
      const subflows = { left: flow, right: flow };
      flow = buildFlow({ nodes: ['start', 'x'], edges: ['start -> x'], subflows });
    }
    expectFindings(flow, []);
  });

  it('checks subflows for the profile of the outer flow', () => {
    const inner = buildFlow({
      profile: 'web',
      nodes: [trigger('start', { trigger: { kind: 'http', respond: 'stream' } }), 'x'],
      edges: ['start -> x'],
    });
    const outer = buildFlow({ profile: 'queue', nodes: ['start', 'x'], edges: ['start -> x'] });
    expectFindings({ ...outer, subflows: { inner } }, [
      {
        code: 'DAG102',
        message: 'Trigger start responds with stream, which profile queue cannot do.',
        pointer: '/subflows/inner/nodes/0/trigger/respond',
      },
    ]);
  });

  it('keeps the first findings and says how many were cut', () => {
    const nodes = ['start', 'a', ...Array.from({ length: 300 }, (_, i) => `x${i}`)];
    const flow = buildFlow({ nodes, edges: ['start -> a'] });
    const found = validateFlow(flow);
    expect(found.length).toBe(101);
    expect(found.at(-1)).toMatchObject({
      code: 'DOC016',
      severity: 'warning',
      message: 'There are more findings than the 100 shown.',
      details: { shown: 100, cut: 200 },
    });
    expect(validateFlow(flow, { maxFindings: 300 }).length).toBe(300);
    expect(validateFlow(flow, { maxFindings: 0 })).toMatchObject([{ details: { cut: 300 } }]);
  });

  it('adds places: of the source file where a node has one, else of the document', () => {
    const source = { file: 'flow.ts', line: 3, column: 5 };
    const nodes = ['start', 'a', node('x', { source }), 'y'];
    const flow = buildFlow({ nodes, edges: ['start -> a'] });
    const locate = (pointer: string) => (pointer === '/nodes' ? { line: 7, column: 1 } : undefined);
    expect(validateFlow(flow, { locate }).map(({ location }) => location)).toEqual([
      { pointer: '/nodes/2', file: 'flow.ts', line: 3, column: 5 },
      { pointer: '/nodes/3', line: 7, column: 1 },
    ]);
  });

  it('keeps control characters of names out of messages', () => {
    const flow = buildFlow({ nodes: ['start', 'a', 'x\u001b[2J\n'], edges: ['start -> a'] });
    expectFindings(flow, [
      {
        code: 'DAG208',
        message: 'Node x\\u001b[2J\\n cannot be reached from any trigger.',
        pointer: '/nodes/2',
      },
    ]);
  });
});

describe('specifiedRules', () => {
  it('is frozen, and its names are unique', () => {
    const names = specifiedRules.map(({ name }) => name);
    expect(Object.isFrozen(specifiedRules)).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });
});
