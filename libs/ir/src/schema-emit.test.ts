import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { loadFlow } from './load-flow.js';
import { flowReferencePage, surfacesReferencePage } from './reference-pages.js';
import {
  DEFINITIONS,
  flowSchemaDocument,
  surfacesSchemaDocument,
  type SchemaNode,
} from './schema-emit.js';
import { SURFACE_CONFIGS } from './surface-configs.js';

const committed = (path: string) =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('the committed schemas are those of the source', () => {
  expect(JSON.parse(committed('schemas/flow_ir.schema.json'))).toEqual(
    JSON.parse(JSON.stringify(flowSchemaDocument())),
  );
  expect(JSON.parse(committed('schemas/surfaces.schema.json'))).toEqual(
    JSON.parse(JSON.stringify(surfacesSchemaDocument())),
  );
});

test('the committed pages have the rows of the source', () => {
  // The formatter pads the columns.
  const rows = (page: string) =>
    page
      .split('\n')
      .filter((line) => line.startsWith('| `') || line.startsWith('## '))
      .map((line) => line.replace(/ +\|/g, ' |'));
  expect(rows(committed('docs/reference/ir/flow-ir.md'))).toEqual(rows(flowReferencePage()));
  expect(rows(committed('docs/reference/ir/surfaces.md'))).toEqual(rows(surfacesReferencePage()));
});

test('every object and every field is described', () => {
  const bare: string[] = [];
  const all = { ...DEFINITIONS, ...SURFACE_CONFIGS } as unknown as Record<string, SchemaNode>;
  for (const [name, schema] of Object.entries(all)) {
    if (!schema.description) bare.push(name);
    for (const [field, type] of Object.entries(schema.properties ?? {})) {
      if (!type.description) bare.push(`${name}.${field}`);
    }
  }
  expect(bare).toEqual([]);
});

test('fields with a default are not required', () => {
  const flow = flowSchemaDocument();
  expect(flow.required).toEqual(['id', 'name', 'version']);
  const node = (flow['definitions'] as Record<string, SchemaNode>)['NodeIR']!;
  expect(node.required).toEqual([
    'id',
    'alias',
    'identifier',
    'name',
    'kind',
    'in_schema',
    'out_schema',
    'effects',
    'determinism',
  ]);
});

describe('the schema and the loader agree', () => {
  const valid = new Ajv2020({ strict: false }).compile(flowSchemaDocument());
  const edge = { from: 'a', to: 'b', delivery: 'at_least_once', ordering: 'ordered', buffer: {} };
  const node = {
    id: 'f::a',
    alias: 'a',
    identifier: 'h',
    name: 'A',
    kind: 'trigger',
    in_schema: { kind: 'opaque' },
    out_schema: { kind: 'named', name: 'Out' },
    effects: 'pure',
    determinism: 'strict',
    retry: { max_attempts: 3 },
    cache: { ttl_ms: 5 },
    trigger: { kind: 'http', route: '/x' },
    credentials: [{ name: 'c' }],
    params: { any: [1] },
  };
  const flow = {
    id: 'f',
    name: 'f',
    version: '1.0.0',
    nodes: [node],
    edges: [edge],
    control_surfaces: [{ id: 's', kind: 'if', targets: ['a'], config: { v: 1 } }],
    schemas: { Out: true },
    params: { p: { schema: {}, default: null } },
    subflows: { inner: { id: 'g', name: 'g', version: '1.0.0' } },
  };

  /** Every path in a document. */
  function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
    if (typeof value !== 'object' || value === null) return [path];
    const inside = Object.entries(value).flatMap(([key, member]) =>
      pathsOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
    );
    return path.length === 0 ? inside : [path, ...inside];
  }

  /** The document with the part at `path` replaced, or removed where `part` is undefined. */
  function changed(path: (string | number)[], part: unknown): unknown {
    const copy = structuredClone(flow) as unknown as Record<string | number, unknown>;
    let at = copy;
    for (const step of path.slice(0, -1)) at = at[step] as typeof at;
    const last = path.at(-1)!;
    if (part === undefined && !Array.isArray(at)) delete at[last];
    else at[last] = part === undefined ? null : part;
    return copy;
  }

  test('on a valid flow', () => {
    expect(valid(flow)).toBe(true);
    expect(loadFlow(flow).diagnostics).toEqual([]);
  });

  test('on flows with one part replaced or removed', () => {
    const parts = fc.oneof(
      fc.constantFrom<unknown>(undefined, null, '', 'x', 0, -1, 1, 1.5, 2 ** 53, true, [], {}, [
        {},
      ]),
      fc.constantFrom<unknown>({ kind: 'opaque' }, { kind: 'named' }, 'pure', 'web', '1.2.3', {
        a: true,
      }),
      fc.constantFrom<unknown>(node, edge, [edge], [node], flow),
    );
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(flow)), parts, (path, part) => {
        const doc = changed(path, part);
        expect({ path, part, ok: loadFlow(doc).flow !== undefined }).toEqual({
          path,
          part,
          ok: valid(doc),
        });
      }),
      { numRuns: 2000 },
    );
  });
});

test('the surfaces schema tells kinds apart', () => {
  const valid = new Ajv2020({ strict: false }).compile(surfacesSchemaDocument());
  const config = { v: 1, source: 'a', selector_pointer: '/x', then: 'b', else: 'c' };
  expect(valid({ id: 's', kind: 'if', targets: [], config })).toBe(true);
  expect(valid({ id: 's', kind: 'switch', targets: [], config })).toBe(false);
  expect(
    valid({ id: 's', kind: 'if', targets: [], config: { ...config, selector_pointer: 'x' } }),
  ).toBe(false);
});
