// Documents as emitters of the 0.1 contract write them: every field explicit, nulls and empty lists
// included.
import { readFileSync } from 'node:fs';
import { flowId, nodeId } from './ids.js';
import { loadFlow } from './load-flow.js';
import { structuralHash } from './structural-hash.js';
import { readSurfaceConfig } from './surface-reader.js';

const read = (name: string) =>
  readFileSync(new URL(`../fixtures/${name}.flow_ir.json`, import.meta.url), 'utf8');

/** The document without its nulls, which stand for absent fields. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}

describe.each(['access_log_etl', 'site_stream'])('%s', (name) => {
  const text = read(name);
  const { flow, diagnostics } = loadFlow(text, { file: `${name}.flow_ir.json` });

  test('loads without findings, and nothing is lost or added', () => {
    expect(diagnostics).toEqual([]);
    expect(flow).toEqual(withoutNulls(JSON.parse(text)));
  });

  test('round trip', () => {
    const again = loadFlow(JSON.stringify(flow)).flow!;
    expect(again).toEqual(flow);
    expect(structuralHash(again)).toBe(structuralHash(flow!));
  });

  test('ids follow from name, version and alias', () => {
    expect(flow!.id).toBe(flowId(flow!.name, flow!.version));
    for (const node of flow!.nodes) expect(node.id).toBe(nodeId(flow!.id, node.alias));
  });

  test('surfaces with a configuration have one of the known shape', () => {
    const faults = flow!.control_surfaces
      .filter((surface) => surface.config !== undefined)
      .flatMap((surface) => readSurfaceConfig(surface).diagnostics);
    expect(faults).toEqual([]);
  });
});

test('a faulty configuration loads, and its own reader says what is wrong', () => {
  const doc = JSON.parse(read('site_stream')) as {
    control_surfaces: { config: Record<string, unknown> }[];
  };
  doc.control_surfaces[0]!.config = { v: 2, source: 'route', selector_pointer: 'mode', cases: {} };
  const { flow } = loadFlow(doc);
  const { config, diagnostics } = readSurfaceConfig(flow!.control_surfaces[0]!);
  expect(config).toBeUndefined();
  expect(diagnostics.map((d) => [d.code, d.location?.pointer])).toEqual([
    ['DOC012', '/config/v'],
    ['DOC013', '/config/selector_pointer'],
    ['DOC013', '/config/cases'],
  ]);
});

test('a 0.1 document with a word of the future names the nearest known one', () => {
  const text = read('site_stream').replace('"kind": "rate_limit"', '"kind": "ratelimit"');
  const { flow, diagnostics } = loadFlow(text, { file: 'site.json' });
  expect(flow).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({
    code: 'DOC012',
    help: 'Did you mean "rate_limit"?',
    location: { file: 'site.json', pointer: '/control_surfaces/1/kind' },
  });
  const line = text.split('\n')[diagnostics[0]!.location!.line! - 1]!;
  expect(line.slice(diagnostics[0]!.location!.column! - 1)).toBe('"ratelimit",');
});
