// The catalogue names every shipped flow, and every shipped flow is without findings.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FlowBundle } from '@basalt/executor';
import { checkBodies, isFlow } from '@basalt/flow-dsl';
import { loadModule } from '@basalt/flow-loader';
import { flowId, normalizeFlow, loadFlow } from '@basalt/ir';
import { validateFlow } from '@basalt/validator';
import * as flows from './index.js';

interface Entry {
  readonly name: string;
  readonly file: string;
  readonly summary: string;
  readonly payload: unknown;
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const catalogue = JSON.parse(readFileSync(path('../catalogue.json'), 'utf8')) as Entry[];

async function load({ file }: Entry): Promise<FlowBundle> {
  const exported = Object.values(await loadModule(path(`./${file}`)));
  expect(exported).toHaveLength(1);
  expect(isFlow(exported[0])).toBe(true);
  return exported[0] as FlowBundle;
}

test('the catalogue lists every flow file once, under unique names', () => {
  const files = readdirSync(path('.'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'index.ts')
    .sort();
  expect(catalogue.map(({ file }) => file).sort()).toEqual(files);
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  expect(Object.values(flows)).toHaveLength(catalogue.length);
});

test('the canonical six keep their names and ids', () => {
  const ids = Object.values(flows).map(({ ir }) => [ir.name, ir.version, ir.id]);
  expect(ids).toEqual(
    Object.values(flows).map(({ ir: { name } }) => [name, '1.0.0', flowId(name, '1.0.0')]),
  );
  expect(flows.s4Preflight.ir.id).toBe('2d25af79-7d05-5ede-b8e3-b3698f01adf5');
  expect(flows.s6Spill.ir.id).toBe('46d6e4de-06d8-549b-99c1-faf7981fc91c');
});

describe.each(catalogue)('$name', (entry) => {
  test('has no finding of a rule or of a body', async () => {
    const flow = await load(entry);
    expect([...validateFlow(flow.ir), ...checkBodies(flow)]).toEqual([]);
  });

  test('survives its JSON form', async () => {
    const { ir } = await load(entry);
    const loaded = loadFlow(JSON.stringify(ir));
    expect(loaded).toEqual({ flow: normalizeFlow(ir), diagnostics: [] });
  });

  test('describes itself', () => {
    expect(entry.summary).toMatch(/^[A-Z].{10,90}[^.]$/);
  });
});
