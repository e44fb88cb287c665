import type { ControlSurfaceIR, JsonSchema, NodeIR } from '@basalt/ir';
import { buildFlow, node, surface, trigger } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';
import { validateFlow } from '../validate-flow.js';

const named = (name: string) => ({ kind: 'named', name }) as const;
const object = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const int = { type: 'integer' };
const text = { type: 'string' };

const schemas: Readonly<Record<string, JsonSchema>> = {
  Int: int,
  Text: text,
  Number: { type: 'number' },
  Price: object({ total: { type: ['number', 'null'] } }),
  Charge: object({ total: { type: 'number' } }),
};

/** The findings of this rule: code, edge, and what the counterexample is. */
function told(
  nodes: readonly (string | NodeIR)[],
  edges: readonly string[],
  surfaces: readonly ControlSurfaceIR[] = [],
  more: Readonly<Record<string, JsonSchema>> = {},
) {
  const flow = buildFlow({
    nodes,
    edges,
    control_surfaces: surfaces,
    schemas: { ...schemas, ...more },
  });
  return validateFlow(flow, { maxFindings: 1000 })
    .filter(({ code }) => code === 'DAG201' || code === 'SCHEMA101')
    .map(({ code, location, details }) => [
      code,
      location?.pointer,
      details?.['path'],
      details?.['counterexample'],
    ]);
}

const out = (alias: string, name: string) => node(alias, { out_schema: named(name) });
const into = (alias: string, name: string) => node(alias, { in_schema: named(name) });
const start = (name: string) => trigger('start', { out_schema: named(name) });

describe('edge-schemas by name', () => {
  it('reports different names where a definition is missing', () => {
    const flow = buildFlow({
      nodes: [start('Order'), into('a', 'Invoice')],
      edges: ['start -> a'],
      schemas: { Invoice: true },
    });
    expectFindingsOf(['DAG201', 'SCHEMA101'], flow, [
      {
        code: 'DAG201',
        message: 'The edge start -> a carries Order, but a takes Invoice.',
        pointer: '/edges/0',
      },
    ]);
  });

  it('takes equal names, and opaque sides', () => {
    expect(told([start('Order'), into('a', 'Order')], ['start -> a'])).toEqual([]);
    expect(told(['start', into('a', 'Order')], ['start -> a'])).toEqual([]);
    expect(told([start('toString'), into('a', '__proto__')], ['start -> a'])).toEqual([
      ['DAG201', '/edges/0', undefined, undefined],
    ]);
  });
});

describe('edge-schemas by structure', () => {
  it('reports what does not fit, with a counterexample', () => {
    const flow = buildFlow({
      nodes: [start('Price'), into('charge', 'Charge')],
      edges: ['start -> charge'],
      schemas,
    });
    expectFindingsOf(['DAG201', 'SCHEMA101'], flow, [
      {
        code: 'SCHEMA101',
        message: 'What start puts out does not fit what charge takes at /total: null is not taken.',
        pointer: '/edges/0',
      },
    ]);
    expect(validateFlow(flow).find(({ code }) => code === 'SCHEMA101')?.details).toEqual({
      path: '/total',
      reason: 'null is not taken',
      counterexample: { total: null },
      through: undefined,
    });
  });

  it('takes what fits', () => {
    expect(told([start('Int'), into('a', 'Number')], ['start -> a'])).toEqual([]);
    expect(told([start('Charge'), into('a', 'Price')], ['start -> a'])).toEqual([]);
  });
});

describe('edge-schemas through surfaces', () => {
  it('join and zip bring an object of outputs', () => {
    const nodes = (target: string) => [
      'start',
      out('a', 'Int'),
      out('b', 'Text'),
      into('t', target),
    ];
    const edges = ['start -> a -> t', 'start -> b -> t'];
    for (const kind of ['join', 'zip'] as const) {
      const join = [surface(kind, { target: 't', sources: ['a', 'b'] }, ['t'])];
      const fits = { T: object({ a: int, b: text }) };
      expect(told(nodes('T'), edges, join, fits)).toEqual([]);
      const wrong = { T: object({ a: int, b: int }) };
      expect(told(nodes('T'), edges, join, wrong)).toEqual([
        ['SCHEMA101', '/edges/1', '/b', { a: 0, b: '' }],
      ]);
    }
    const available = { target: 't', sources: ['a', 'b'], mode: 'available' };
    const both = { T: object({ a: int, b: text }) };
    expect(told(nodes('T'), edges, [surface('join', available, ['t'])], both)).toHaveLength(1);
  });

  it('if and switch bring only what they select', () => {
    const schemas = {
      Job: object({ kind: text, flag: { type: 'boolean' } }),
      Import: object({ kind: { const: 'import' } }),
      On: object({ flag: { const: true } }),
      Other: object({ kind: { not: { const: 'import' } } }),
    };
    const nodes = [start('Job'), into('a', 'Import'), into('b', 'Other')];
    const edges = ['start -> a', 'start -> b'];
    const config = {
      source: 'start',
      selector_pointer: '/kind',
      cases: { import: 'a' },
      default: 'b',
    };
    const route = [surface('switch', config, ['start', 'a', 'b'])];
    expect(told(nodes, edges, route, schemas)).toEqual([]);
    expect(told(nodes, edges, [], schemas)).toHaveLength(2);
    const branch = { source: 'start', selector_pointer: '/flag', then: 'a', else: 'b' };
    const fork = (then: string, otherwise: string) =>
      told(
        [start('Job'), into('a', then), into('b', otherwise)],
        edges,
        [surface('if', branch, ['start', 'a', 'b'])],
        schemas,
      );
    expect(fork('On', 'Job')).toEqual([]);
    expect(fork('Job', 'On')).toEqual([
      ['SCHEMA101', '/edges/1', '/flag', { kind: '', flag: false }],
    ]);
  });

  it('for_each brings items, and collects a list', () => {
    const schemas = {
      Order: {
        ...object({ lines: { $ref: '#/$defs/Lines' } }),
        $defs: {
          Lines: { type: 'array', items: { $ref: '#/$defs/Line' } },
          Line: object({ price: int }),
        },
      },
      Line: object({ price: { type: 'number' } }),
      Prices: { type: 'array', items: { type: 'number' } },
      Texts: { type: 'array', items: text },
    };
    const each = surface(
      'for_each',
      {
        source: 'start',
        items_pointer: '/lines',
        body_entry: 'body',
        body_exit: 'body',
        collect: 'sum',
      },
      ['body'],
    );
    const edges = ['start -> body -> sum'];
    const body = (takes: string) =>
      node('body', { in_schema: named(takes), out_schema: named('Int') });
    expect(
      told([start('Order'), body('Line'), into('sum', 'Prices')], edges, [each], schemas),
    ).toEqual([]);
    expect(
      told([start('Order'), body('Text'), into('sum', 'Texts')], edges, [each], schemas),
    ).toEqual([
      ['SCHEMA101', '/edges/0', '', { price: 0 }],
      ['SCHEMA101', '/edges/1', '/0', [0]],
    ]);
  });

  it('window brings a group, and late items as they came', () => {
    const window = (late?: string) =>
      surface(
        'window',
        {
          event_time_pointer: '/at',
          size_ms: 1,
          allowed_lateness_ms: 0,
          watermark: 'max_event_time',
          target: 'w',
          late,
        },
        ['w'],
      );
    const schemas = {
      Click: object({ at: int }),
      Group: object({
        key: true,
        start_ms: { type: 'number' },
        end_ms: { type: 'number' },
        items: { type: 'array', items: { $ref: 'Click' } },
      }),
    };
    const edges = ['start -> w -> late'];
    const nodes = (takes: string, late: string) => [
      start('Click'),
      into('w', takes),
      into('late', late),
    ];
    expect(told(nodes('Group', 'Click'), edges, [window('late')], schemas)).toEqual([]);
    expect(told(nodes('Click', 'Int'), edges, [window('late')], schemas)).toEqual([
      ['SCHEMA101', '/edges/0', '', { key: null, start_ms: 0, end_ms: 0, items: [{ at: 0 }] }],
      ['SCHEMA101', '/edges/1', '', { at: 0 }],
    ]);
  });

  it('handlers get the error and the input, and who waits gets the event', () => {
    const schemas = {
      Failure: object({ error: true, input: int }),
      Answer: object({ event: object({ ok: { type: 'boolean' } }), input: text }),
    };
    const a = node('a', { in_schema: named('Int'), out_schema: named('Text') });
    const handled = (takes: string, kind: 'error_handler' | 'timeout') => {
      const config =
        kind === 'timeout'
          ? { nodes: ['a'], timeout_ms: 5, handler: 'h' }
          : { scope: { nodes: ['a'] }, strategy: 'continue', handler: 'h' };
      const edges = ['start -> a -> h'];
      return told(
        [start('Int'), a, into('h', takes)],
        edges,
        [surface(kind, config, ['a'])],
        schemas,
      );
    };
    for (const kind of ['error_handler', 'timeout'] as const) {
      expect(handled('Failure', kind)).toEqual([]);
      expect(handled('Text', kind)).toEqual([
        ['SCHEMA101', '/edges/1', '', { error: null, input: 0 }],
      ]);
    }
    const event_schema = {
      ...object({ ok: { $ref: '#/$defs/B' } }),
      $defs: { B: { type: 'boolean' } },
    };
    const wait = surface(
      'await',
      { checkpoint_id: 'c', correlation_key: '/id', source: 'start', target: 'h', event_schema },
      ['start', 'h'],
    );
    expect(told([start('Text'), into('h', 'Answer')], ['start -> h'], [wait], schemas)).toEqual([]);
    expect(told([start('Int'), into('h', 'Answer')], ['start -> h'], [wait], schemas)).toEqual([
      ['SCHEMA101', '/edges/0', '/input', { event: { ok: false }, input: 0 }],
    ]);
  });

  it('batches bring lists', () => {
    const batch = (name: string) =>
      node('b', { in_schema: named(name), concurrency: { max: 1, batch: 3 } });
    const lists = { Ints: { type: 'array', items: int, maxItems: 3 } };
    expect(told([start('Int'), batch('Ints')], ['start -> b'], [], lists)).toEqual([]);
    expect(told([start('Text'), batch('Ints')], ['start -> b'], [], lists)).toEqual([
      ['SCHEMA101', '/edges/0', '/0', ['']],
    ]);
  });
});

describe('edge-schemas on large flows', () => {
  it('compares each pair of names once', () => {
    const count = 5_000;
    const nodes = Array.from({ length: count }, (_, i) =>
      node(`n${i}`, { in_schema: named('Number'), out_schema: named('Int') }),
    );
    const edges = nodes.slice(1).map((n, i) => `n${i} -> ${n.alias}`);
    expect(told(nodes, edges)).toEqual([]);
  });
});
