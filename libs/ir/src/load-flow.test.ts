import type { Diagnostic } from '@basalt/diagnostics';
import fc from 'fast-check';
import type { FlowIR } from './flow-ir.js';
import { loadFlow } from './load-flow.js';
import { normalizeFlow, type FlowInput } from './normalize-flow.js';

const node = {
  id: 'f::a',
  alias: 'a',
  identifier: 'demo::a',
  name: 'A',
  kind: 'inline',
  in_schema: { kind: 'opaque' },
  out_schema: { kind: 'named', name: 'Out' },
  effects: 'pure',
  determinism: 'strict',
} as const;
const minimal = { id: 'f', name: 'flow', version: '1.0.0' } as const;

/** Code, message and place of each finding. */
const brief = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map((d) => [d.code, d.message, d.location]);

/** The findings on a text or object, which must not load. */
function refused(input: unknown, options = {}) {
  const { flow, diagnostics } = loadFlow(input, options);
  expect(flow).toBeUndefined();
  return brief(diagnostics);
}

describe('a document that loads', () => {
  test('defaults are filled in', () => {
    expect(loadFlow(JSON.stringify({ ...minimal, nodes: [node] }))).toEqual({
      flow: {
        ...minimal,
        profile: 'dev',
        nodes: [{ ...node, idempotency: {}, determinismHints: [], effectHints: [] }],
        edges: [],
        control_surfaces: [],
        checkpoints: [],
        policies: { lint: { require_control_hints: false } },
        metadata: { tags: [] },
        artifacts: [],
      },
      diagnostics: [],
    });
  });

  test('nulls of optional fields and unknown keys are dropped, configs and params are kept', () => {
    const surface = { id: 's', kind: 'if', targets: [], config: { v: 1, extra: [null] } };
    const { flow } = loadFlow({
      ...minimal,
      summary: null,
      future: { x: 1 },
      nodes: [{ ...node, summary: null, timeout_ms: null, later: 1, params: { a: null } }],
      control_surfaces: [surface, { id: 't', kind: 'loop', targets: [], config: null }],
    });
    expect(Object.keys(flow!)).not.toContain('summary');
    expect(Object.keys(flow!)).not.toContain('future');
    expect(flow!.nodes[0]).toEqual({
      ...node,
      idempotency: {},
      determinismHints: [],
      effectHints: [],
      params: { a: null },
    });
    expect(flow!.control_surfaces).toEqual([surface, { id: 't', kind: 'loop', targets: [] }]);
  });

  test('bytes with a byte order mark', () => {
    const bytes = new TextEncoder().encode(`\ufeff${JSON.stringify(minimal)}`);
    expect(loadFlow(bytes).flow?.name).toBe('flow');
    expect(loadFlow(`\ufeff${JSON.stringify(minimal)}`).flow?.name).toBe('flow');
  });

  test('subflows up to the bound', () => {
    const nest = (levels: number): object =>
      levels === 0 ? minimal : { ...minimal, subflows: { inner: nest(levels - 1) } };
    expect(loadFlow(nest(16)).diagnostics).toEqual([]);
    expect(refused(nest(17))).toEqual([
      [
        'DOC015',
        'Subflows are nested more than 16 levels deep.',
        { pointer: '/subflows/inner'.repeat(17) },
      ],
    ]);
    expect(loadFlow(nest(2)).flow?.subflows?.['inner']?.subflows?.['inner']?.profile).toBe('dev');
  });

  test('an object used twice is no cycle, and undefined members are absent', () => {
    const shared = { kind: 'opaque' };
    const nodes = [{ ...node, in_schema: shared, out_schema: shared, summary: undefined }];
    expect(loadFlow({ ...minimal, nodes }).diagnostics).toEqual([]);
  });
});

describe('text that is not a document', () => {
  test.each<[string, string, number, number]>([
    ['', 'it is empty', 1, 1],
    [' \n ', 'it is empty', 1, 1],
    ['{"id": "x",\n}', 'a key in double quotes is expected', 2, 1],
    ['{"id": 01}', 'a comma is expected', 1, 9],
    ['{"id": "x"', 'a closing brace is expected, where the text ends', 1, 11],
    ['// hi\n{}', 'comments are not JSON', 1, 1],
    ['{} {}', 'the text goes on after the value', 1, 4],
    ['["a\tb"]', 'a control character stands unescaped in text', 1, 2],
    ['nul', 'a word or character does not belong here', 1, 1],
  ])('%j', (text, problem, line, column) => {
    expect(refused(text, { file: 'f.json' })).toEqual([
      ['DOC004', `The text is not JSON: ${problem}.`, { file: 'f.json', line, column }],
    ]);
  });

  test.each<[number[], number]>([
    [[0xff, 0xfe, 0x7b, 0], 0],
    [[0x22, 0xc3], 1],
    [[0x22, 0xc3, 0xa4, 0xe2, 0x82, 0x22], 3],
    [[0x22, 0xed, 0xa0, 0x80, 0x22], 1],
    [[0x22, 0xc0, 0x80, 0x22], 1],
    [[0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 1],
  ])('bytes %j are not UTF-8', (bytes, offset) => {
    expect(refused(new Uint8Array(bytes))).toEqual([
      ['DOC002', `The byte at offset ${offset} is not part of valid UTF-8.`, undefined],
    ]);
  });

  test('size limit', () => {
    const text = JSON.stringify({ ...minimal, summary: '\u00e4'.repeat(50) });
    const bytes = new TextEncoder().encode(text);
    expect(loadFlow(text, { maxBytes: bytes.length }).diagnostics).toEqual([]);
    const message = `The document has ${bytes.length} bytes; at most ${bytes.length - 1} are read.`;
    for (const input of [text, bytes]) {
      expect(refused(input, { maxBytes: bytes.length - 1 })).toEqual([
        ['DOC001', message, undefined],
      ]);
    }
  });

  test.each(['['.repeat(1_000_000), `{"a":${'['.repeat(300)}${']'.repeat(300)}}`])(
    'deep nesting is refused before it is parsed',
    (text) => {
      expect(refused(text)).toEqual([
        ['DOC003', 'The document is nested more than 200 levels deep.', undefined],
      ]);
    },
  );

  test('brackets in text are not nesting', () => {
    const summary = '\\"[['.repeat(500);
    expect(loadFlow(JSON.stringify({ ...minimal, summary })).flow?.summary).toBe(summary);
  });
});

describe('keys', () => {
  test('duplicates are placed, also when escaped', () => {
    const text = '{\n  "id": "f", "name": "n",\n  "i\\u0064": "g",\n  "x": [{"a": 1, "a": 2}]\n}';
    expect(refused(text)).toEqual([
      [
        'DOC005',
        'The key "id" occurs twice in this object.',
        { pointer: '/id', line: 3, column: 3 },
      ],
      [
        'DOC005',
        'The key "a" occurs twice in this object.',
        { pointer: '/x/0/a', line: 4, column: 18 },
      ],
    ]);
  });

  test.each(['__proto__', 'constructor', 'prototype'])('%s is refused and never set', (key) => {
    const text = `{"id":"f","name":"n","version":"1.0.0",\n"metadata":{"${key}":{"polluted":1}}}`;
    expect(refused(text)).toEqual([
      [
        'DOC006',
        `The key "${key}" is not allowed in a flow document.`,
        { pointer: `/metadata/${key}`, line: 2, column: 16 + key.length },
      ],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('objects that are not JSON', () => {
  const own: Record<string, unknown> = {};
  own['self'] = { back: own };
  const deep: unknown[] = [];
  for (let i = 0, at = deep; i < 1_000_000; i++) at.push((at = []));
  const hostile = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('no');
      },
    },
  );
  test.each<[string, unknown, string, string, string | undefined]>([
    [
      'a cycle',
      own,
      'DOC007',
      'The object at "/self/back" is also one of its own parents.',
      '/self/back',
    ],
    ['NaN', { a: NaN }, 'DOC008', 'The value at "/a" is NaN, which is not JSON.', '/a'],
    ['a bigint', [1n], 'DOC008', 'The value at "/0" is a bigint, which is not JSON.', '/0'],
    ['undefined', undefined, 'DOC008', 'The value at "" is undefined, which is not JSON.', ''],
    ['a hole', [, 1], 'DOC008', 'The value at "/0" is undefined, which is not JSON.', '/0'],
    [
      'a date',
      new Date(0),
      'DOC008',
      'The value at "" is an instance of Date, which is not JSON.',
      '',
    ],
    [
      'a map',
      { m: new Map() },
      'DOC008',
      'The value at "/m" is an instance of Map, which is not JSON.',
      '/m',
    ],
    [
      'a getter',
      {
        get a() {
          return 1;
        },
      },
      'DOC008',
      'The value at "/a" is computed by a getter, which is not JSON.',
      '/a',
    ],
    [
      'a lone surrogate',
      { a: '\ud800' },
      'DOC008',
      'The value at "/a" is text with half of a surrogate pair, which is not JSON.',
      '/a',
    ],
    [
      'a hostile proxy',
      hostile,
      'DOC008',
      'The value at "" is an object that cannot be read, which is not JSON.',
      '',
    ],
    [
      'too deep',
      deep,
      'DOC003',
      'The document is nested more than 200 levels deep.',
      '/0'.repeat(200),
    ],
  ])('%s', (_name, input, code, message, pointer) => {
    expect(refused(input)).toEqual([[code, message, { pointer }]]);
  });
});

describe('JSON that is not a flow', () => {
  test('every fault is placed', () => {
    const text = JSON.stringify(
      {
        ...minimal,
        version: 'v1',
        profile: 'wep',
        nodes: [
          { ...node, in_schema: { kind: 'nmed' }, out_schema: { kind: 'named' }, timeout_ms: '5' },
          7,
        ],
        edges: [{ from: '', to: 'b', delivery: 'at_lest_once', buffer: { max_items: -1 } }],
        deadline_ms: 1.5,
        schemas: { X: 3 },
      },
      null,
      1,
    );
    expect(
      refused(text, { file: 'f' }).map(([code, message, at]) => [
        code,
        message,
        (at as { pointer: string }).pointer,
      ]),
    ).toEqual([
      ['DOC014', '"v1" is not a strict semantic version.', '/version'],
      ['DOC012', '"wep" is not one of web, queue, temporal, wasm, metal, dev.', '/profile'],
      ['DOC012', '"nmed" is not one of opaque, named.', '/nodes/0/in_schema/kind'],
      ['DOC010', 'out_schema lacks the required field name.', '/nodes/0/out_schema'],
      ['DOC011', 'Expected a whole number, found "5".', '/nodes/0/timeout_ms'],
      ['DOC011', 'Expected an object, found number 7.', '/nodes/1'],
      ['DOC013', '"" is not allowed here: the text is empty.', '/edges/0/from'],
      [
        'DOC012',
        '"at_lest_once" is not one of at_least_once, at_most_once, exactly_once.',
        '/edges/0/delivery',
      ],
      ['DOC010', 'edges[0] lacks the required field ordering.', '/edges/0'],
      ['DOC013', 'number -1 is not allowed here: the least is 0.', '/edges/0/buffer/max_items'],
      [
        'DOC011',
        'Expected a JSON Schema (an object, true or false), found number 3.',
        '/schemas/X',
      ],
      ['DOC011', 'Expected a whole number, found number 1.5.', '/deadline_ms'],
    ]);
    const lines = text.split('\n');
    for (const { location } of loadFlow(text).diagnostics) {
      const rest = lines[location!.line! - 1]!.slice(location!.column! - 1);
      expect(rest).toMatch(/^["{\d-]/);
    }
    expect(loadFlow(text).diagnostics[1]!.help).toBe('Did you mean "web"?');
  });

  test.each(['[]', 'null', '"x"', '5', 'true'])('%s', (text) => {
    expect(refused(text).map(([code]) => code)).toEqual(['DOC011']);
  });

  test('findings are capped', () => {
    const diagnostics = loadFlow({ ...minimal, nodes: Array(5000).fill({}) }).diagnostics;
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)!.message).toBe('There are more findings than the 100 shown.');
  });
});

describe('properties', () => {
  const full = {
    ...minimal,
    nodes: [node],
    edges: [],
    control_surfaces: [{ id: 's', kind: 'if', targets: ['a'] }],
  };

  test('any JSON, any text and any bytes give a flow or findings', () => {
    const inputs = fc.oneof(
      fc.json(),
      fc.string(),
      fc.uint8Array({ maxLength: 64 }),
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
    );
    fc.assert(
      fc.property(inputs, (input) => {
        const { flow, diagnostics } = loadFlow(input);
        expect(flow === undefined).toBe(diagnostics.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  test('a flow with one part replaced loads or is refused, and loads again unchanged', () => {
    const paths = [
      'id',
      'version',
      'profile',
      'nodes',
      'edges',
      'control_surfaces',
      'metadata',
      'policies',
      'subflows',
      'schemas',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, part) => {
        const { flow, diagnostics } = loadFlow({ ...full, [path]: part });
        expect(flow === undefined).toBe(diagnostics.length > 0);
        if (flow) expect(loadFlow(JSON.stringify(flow)).flow).toEqual(flow);
      }),
      { numRuns: 500 },
    );
  });

  test('text cut off anywhere, or with one character changed, never throws', () => {
    const text = JSON.stringify(full);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 2 }), (at, insert) => {
        expect(loadFlow(text.slice(0, at)).flow).toBeUndefined();
        const changed = loadFlow(text.slice(0, at) + insert + text.slice(at + 1));
        expect(changed.flow === undefined).toBe(changed.diagnostics.length > 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('normalizeFlow', () => {
  const input: FlowInput = { ...minimal, nodes: [{ ...node, retry: { max_attempts: 2 } }] };

  test('fills in what code left out', () => {
    const flow: FlowIR = normalizeFlow(input);
    expect(flow.nodes[0]!.retry).toEqual({
      max_attempts: 2,
      backoff_ms: 100,
      multiplier: 2,
      max_backoff_ms: 30_000,
      jitter: 'full',
      owner: 'orchestrator',
    });
  });

  test('throws every finding', () => {
    expect(() => normalizeFlow({ ...input, version: '1', deadline_ms: 0 })).toThrow(
      expect.objectContaining({
        diagnostics: [
          expect.objectContaining({ code: 'DOC014' }),
          expect.objectContaining({ code: 'DOC013' }),
        ],
      }),
    );
  });
});
