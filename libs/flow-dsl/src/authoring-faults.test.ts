// Every fault that an author can make and the compiler cannot refuse, with its code and its message.
import { DiagnosticError } from '@basalt/diagnostics';
import { defineFlow, t, type FlowBuilder } from './index.js';

const options = { version: '1.0.0' } as const;

function billing() {
  return defineFlow('billing', options, (f) => {
    f.trigger('request');
    f.inline('price', { run: (order) => order });
  });
}

describe('authoring faults', () => {
  /** "CODE message @line" of everything that is thrown; lines count from the first of `build`. */
  function faults(build: (f: FlowBuilder) => unknown, name = 'x', version = '1.0.0'): string[] {
    try {
      defineFlow(name, { version }, (f) => void build(f));
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      const base = error.diagnostics.map(({ location }) => location?.file);
      expect(new Set(base)).toEqual(new Set(['src/authoring-faults.test.ts']));
      return error.diagnostics.map(({ code, message }) => `${code} ${message}`);
    }
    return [];
  }

  const run = () => null;
  const cases: readonly (readonly [string, (f: FlowBuilder) => unknown, readonly string[]])[] = [
    [
      'an alias that is given twice',
      (f) => [f.inline('a', { run }), f.inline('a', { run })],
      ['DAG205 The alias a is used by more than one node.'],
    ],
    [
      'an empty alias',
      (f) => f.inline('', { run }),
      ['AUTH001 The node name "" cannot be used: it is empty.'],
    ],
    [
      'an alias with a slash',
      (f) => f.inline('a/b', { run }),
      [
        'AUTH001 The node name "a/b" cannot be used: it must start with a letter and have only letters, digits, "_", "-" and ".".',
      ],
    ],
    [
      'an alias that is no text',
      (f) => f.inline(7 as never, { run }),
      ['AUTH001 The node name 7 cannot be used: it is a number.'],
    ],
    [
      'a handler that is a table',
      (f) => f.inline('a', { run: { x: 1 } as never }),
      ['AUTH002 The handler of node a is an object, not a function.'],
    ],
    [
      'a missing handler',
      (f) => f.inline('a', {} as never),
      ['DAG001 Node a declares no handler.'],
    ],
    [
      'a compensator that is text',
      (f) => f.inline('a', { run, compensate: { run: 'undo' as never } }),
      ['AUTH002 The handler of node a is the text "undo", not a function.'],
    ],
    [
      'an unknown resource',
      (f) => f.inline('a', { run, uses: ['http' as never] }),
      ['DAG003 Node a names the resource "http", which does not exist.'],
    ],
    [
      'a name in place of a node',
      (f) => f.connect('a' as never, undefined as never),
      [
        'AUTH004 The source is the text "a", not a node of this flow.',
        'AUTH004 The target is undefined, not a node of this flow.',
      ],
    ],
    [
      'a look-alike of a node',
      (f) => {
        f.inline('a', { run });
        f.rateLimit({ alias: 'a' } as never, { qps: 1, burst: 1 });
      },
      ['AUTH004 The target is an object, not a node of this flow.'],
    ],
    [
      'a node of another flow',
      (f) => {
        let foreign: unknown;
        defineFlow('other', options, (g) => void (foreign = g.inline('far', { run })));
        f.connect(f.inline('near', { run }), foreign as never);
      },
      ['AUTH003 Node far belongs to flow other, but is used in flow x.'],
    ],
    [
      'an edge that is given twice',
      (f) => {
        const [a, b] = [f.inline('a', { run }), f.inline('b', { run })];
        f.connect(a, b);
        f.connect(a, b);
      },
      ['DAG211 The edge a -> b is declared more than once.'],
    ],
    [
      'a partition of no edge',
      (f) => f.partition(f.inline('a', { run }), f.inline('b', { run }), '/k'),
      ['DAG206 partition is set on the edge a -> b, which does not exist.'],
    ],
    [
      'two partitions of an edge',
      (f) => {
        const [a, b] = [f.inline('a', { run }), f.inline('b', { run })];
        f.connect(a, b);
        f.partition(a, b, '/k');
        f.partition(a, b, '/l');
      },
      ['DAG207 partition of the edge a -> b is set more than once.'],
    ],
    [
      'a trigger with two starts',
      (f) => f.trigger('a', { cron: '* * * * *', queue: 'q' }),
      ['AUTH009 Trigger a: cron and queue are given; a trigger has one start.'],
    ],
    [
      'two captures',
      (f) => {
        const [a, b] = [f.trigger('a'), f.inline('b', { run })];
        f.capture(a, b);
        f.capture(a, a);
      },
      ['AUTH009 Trigger a: it is answered by b and by a; one node answers.'],
    ],
    [
      'a capture of no trigger',
      (f) => f.capture(f.inline('b', { run }) as never, f.inline('c', { run })),
      ['AUTH009 Capture: Node b is no trigger, so nothing waits for its answer.'],
    ],
    [
      'something that is no flow as a subflow',
      (f) => f.subflow('a', { ir: {} } as never),
      ['AUTH004 The flow is an object, not a node of this flow.'],
    ],
    [
      'two flows of one name as subflows',
      (f) => [f.subflow('a', billing()), f.subflow('b', billing())],
      [
        'AUTH007 The handler key billing stands for two different functions.',
        'AUTH007 The handler key billing::price stands for two different functions.',
      ],
    ],
    [
      'a switch without cases',
      (f) => f.switch(f.inline('a', { run }), '/k', {}),
      ['AUTH009 Switch of a: it has no cases.'],
    ],
    [
      'a timeout of no nodes',
      (f) => f.timeout([], { timeoutMs: 1 }),
      ['AUTH009 The scope: no nodes are given.'],
    ],
    [
      'two schemas of one name',
      (f) =>
        f.inline('a', {
          input: t.Named('S', t.String()),
          output: t.Named('S', t.Number()),
          run: () => 1,
        }),
      ['AUTH005 The schema name S is given to two different schemas.'],
    ],
    [
      'a schema without a JSON form',
      (f) => f.inline('a', { input: t.Object({ x: t.Undefined() }), run }),
      [
        'AUTH006 The input schema of node a holds the type undefined at "/properties/x", which has no JSON form.',
      ],
    ],
    [
      'a date as a parameter',
      (f) => f.inline('a', { run, params: { schema: t.Object({}), value: { at: new Date(0) } } }),
      [
        'AUTH006 The params of node a holds an object of class Date at "/at", which has no JSON form.',
      ],
    ],
    [
      'a parameter that is no object',
      (f) => f.inline('a', { run, params: { schema: t.Number(), value: 3 } }),
      ['AUTH009 Node a: the value of params is not an object.'],
    ],
    [
      'faults of several kinds, together',
      (f) => [f.inline('', { run: 1 as never }), f.connect(1 as never, 2 as never)],
      [
        'AUTH001 The node name "" cannot be used: it is empty.',
        'AUTH002 The handler of node  is a number, not a function.',
        'AUTH004 The source is a number, not a node of this flow.',
        'AUTH004 The target is a number, not a node of this flow.',
      ],
    ],
  ];

  it.each(cases)('%s', (_, build, expected) => {
    expect(faults(build)).toEqual(expected);
  });

  it('a name or a version that cannot be used', () => {
    expect(faults(() => undefined, '', '1')).toEqual([
      'AUTH001 The flow name "" cannot be used: it is empty.',
      'AUTH001 The version name "1" cannot be used: it is not a semantic version such as 1.0.0.',
    ]);
  });

  it('a builder that is not a function', () => {
    expect(() => defineFlow('x', options, {} as never)).toThrow(
      'AUTH009: Flow x: its third argument is not a function.',
    );
  });

  it('a value out of range, at its place', () => {
    const found = (() => {
      try {
        defineFlow('x', options, (f) => void f.inline('a', { run, timeoutMs: 0 }));
      } catch (error) {
        return (error as DiagnosticError).diagnostics.map(({ location }) => location);
      }
      return [];
    })();
    expect(found).toEqual([
      {
        pointer: '/nodes/0/timeout_ms',
        file: 'src/authoring-faults.test.ts',
        line: expect.any(Number) as number,
        column: expect.any(Number) as number,
      },
    ]);
  });

  it('an addition to a flow that is built', () => {
    let late: FlowBuilder | undefined;
    defineFlow('x', options, (f) => void (late = f));
    expect(() => late!.inline('a', { run })).toThrow(
      'AUTH008: Flow x is built; nothing can be added to it any more.',
    );
  });

  it('leaves what the function itself throws alone', () => {
    const broken = () => {
      throw new TypeError('mine');
    };
    expect(() => defineFlow('x', options, broken)).toThrow(new TypeError('mine'));
  });
});
