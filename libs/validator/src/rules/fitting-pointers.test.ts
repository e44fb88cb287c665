import { buildFlow, surface, trigger } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';
import { validateFlow } from '../validate-flow.js';

describe('fitting-pointers', () => {
  const codes = ['SCHEMA104'];
  const schemas = {
    Order: {
      type: 'object',
      properties: {
        flag: { type: 'boolean' },
        maybe: { type: 'boolean' },
        mode: { type: 'string' },
        rows: { type: 'array', items: { type: 'integer' } },
        at: { type: 'number' },
      },
      required: ['flag', 'mode', 'rows', 'at'],
    },
  };
  const flowWith = (
    kind: 'if' | 'switch' | 'for_each' | 'window',
    config: object,
    targets: string[] = [],
  ) =>
    buildFlow({
      nodes: [trigger('start', { out_schema: { kind: 'named', name: 'Order' } }), 'a', 'b'],
      edges: ['start -> a', 'start -> b'],
      control_surfaces: [surface(kind, { source: 'start', ...config }, targets)],
      schemas,
    });
  const split = { then: 'a', else: 'b' };

  it('reports a selector that can be absent, with an output that lacks it', () => {
    const flow = flowWith('if', { ...split, selector_pointer: '/maybe' });
    expectFindingsOf(codes, flow, [
      {
        code: 'SCHEMA104',
        message:
          'The selector_pointer /maybe does not lead to a boolean in every output of start: the property "maybe" can be absent.',
        pointer: '/control_surfaces/0/config/selector_pointer',
      },
    ]);
    const [finding] = validateFlow(flow).filter(({ code }) => codes.includes(code));
    expect(finding?.details).toEqual({
      path: '',
      reason: 'the property "maybe" can be absent',
      counterexample: { flag: false, mode: '', rows: [], at: 0 },
    });
  });

  it('reports values of another type', () => {
    const told = (flow: Parameters<typeof validateFlow>[0]) =>
      validateFlow(flow)
        .filter(({ code }) => codes.includes(code))
        .map(({ message }) => message);
    expect(told(flowWith('switch', { cases: { x: 'a' }, selector_pointer: '/flag' }))).toEqual([
      'The selector_pointer /flag does not lead to a string in every output of start: false is not taken.',
    ]);
    expect(told(flowWith('for_each', { items_pointer: '/mode', body_entry: 'a' }))).toEqual([
      'The items_pointer /mode does not lead to a list in every output of start: a string can occur where an array is taken.',
    ]);
    const window = {
      event_time_pointer: '/rows',
      size_ms: 1,
      allowed_lateness_ms: 0,
      watermark: 'max_event_time',
    };
    expect(told(flowWith('window', window, ['a']))).toEqual([
      'The event_time_pointer /rows does not lead to a time in every output of start: an array can occur where a number or a string is taken.',
    ]);
  });

  it('takes pointers that fit, and outputs that are not defined', () => {
    expectFindingsOf(codes, flowWith('if', { ...split, selector_pointer: '/flag' }), []);
    expectFindingsOf(codes, flowWith('for_each', { items_pointer: '/rows', body_entry: 'a' }), []);
    const { schemas: _, ...bare } = flowWith('if', { ...split, selector_pointer: '/maybe' });
    expectFindingsOf(codes, bare, []);
  });
});
