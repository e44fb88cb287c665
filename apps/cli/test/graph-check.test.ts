// flows graph check: what it prints, draws and refuses.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codesOf, documentOf, runFlows, withFolder } from './testing/run-flows.js';

interface Edge {
  from: string;
  to: string;
  delivery: string;
  ordering: string;
  buffer: object;
}

const edge = (from: string, to: string): Edge => ({
  from,
  to,
  delivery: 'at_least_once',
  ordering: 'ordered',
  buffer: {},
});

const node = (alias: string, kind = 'inline') => ({
  id: alias,
  alias,
  identifier: alias,
  name: alias,
  kind,
  in_schema: { kind: 'opaque' },
  out_schema: { kind: 'opaque' },
  effects: kind === 'trigger' ? 'read_only' : 'pure',
  determinism: 'strict',
});

/** A document of the 0.1 contract: a trigger and a chain. */
function chain(length: number) {
  const aliases = Array.from({ length }, (_, i) => `n${i}`);
  return {
    id: '6f1d2f14-3c0f-5f0b-9d0a-2f6f1f0e4c11',
    name: 'chain',
    version: '1.0.0',
    profile: 'dev',
    nodes: aliases.map((alias, i) => node(alias, i === 0 ? 'trigger' : 'inline')),
    edges: aliases.slice(1).map((alias, i) => edge(`n${i}`, alias)),
  };
}

const check = (document: unknown, ...flags: string[]) =>
  runFlows(['graph', 'check', '-', ...flags], { input: JSON.stringify(document) });

test('a good flow: one line on stderr, nothing on stdout', async () => {
  expect(await runFlows(['graph', 'check', 's1_echo'])).toEqual({
    status: 0,
    stdout: '',
    stderr: 's1_echo 1.0.0: OK (3 nodes, 2 edges)\n',
  });
});

test('--json, from a file, --input and stdin alike', async () => {
  const expected = { status: 'ok', node_count: 3, edge_count: 2, diagnostics: [] };
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'chain.json'), JSON.stringify(chain(3)));
    const input = JSON.stringify(chain(3));
    const outcomes = await Promise.all([
      runFlows(['graph', 'check', 'chain.json', '--json'], { cwd }),
      runFlows(['graph', 'check', '--input', 'chain.json', '--json'], { cwd }),
      runFlows(['graph', 'check', '-', '--json'], { cwd, input }),
      runFlows(['graph', 'check', '--json'], { cwd, input }),
    ]);
    for (const outcome of outcomes) {
      expect([outcome.status, outcome.stderr, documentOf(outcome)]).toEqual([0, '', expected]);
    }
  });
});

test('a cycle: code, place, line, reason and cure', async () => {
  const document = { ...chain(3), edges: [edge('n0', 'n1'), edge('n1', 'n2'), edge('n2', 'n1')] };
  const outcome = await check(document, '--json');
  expect([outcome.status, codesOf(outcome)]).toEqual([1, ['DAG200']]);
  const { diagnostics } = documentOf(outcome) as { diagnostics: Record<string, unknown>[] };
  expect(Object.keys(diagnostics[0]!).sort()).toEqual([
    'code',
    'details',
    'help',
    'location',
    'message',
    'severity',
    'subsystem',
    'summary',
  ]);

  const { stdout, stderr } = await check(document);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^error DAG200: The nodes n1 -> n2 -> n1 form a cycle\.\n {2}at 1:\d+ \(\/nodes\/1\)\n/,
  );
  expect(stderr).toContain('  why:  A message on a cycle could travel for ever;');
  expect(stderr).toContain('  help: Remove one of the edges,');
});

test('several findings are counted', async () => {
  const document = { ...chain(2), edges: [edge('n0', 'n1'), edge('n0', 'n1'), edge('n0', 'gone')] };
  const { status, stderr } = await check(document);
  expect(status).toBe(1);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^[2-9] errors/);
});

test.each(['web', 'queue', 'temporal', 'wasm', 'metal', 'dev'])('--profile %s', async (profile) => {
  const outcome = await runFlows(['graph', 'check', 's1_echo', '--profile', profile, '--json']);
  const { status, diagnostics } = documentOf(outcome) as { status: string; diagnostics: object[] };
  expect([outcome.status, status]).toEqual(diagnostics.length === 0 ? [0, 'ok'] : [1, 'failed']);
});

test('a profile that cannot honour a property refuses it', async () => {
  const outcome = await runFlows([
    'graph',
    'check',
    'human_approval',
    '--profile',
    'wasm',
    '--json',
  ]);
  expect(outcome.status).toBe(1);
  expect(codesOf(outcome)).toContain('PROF101');
});

test('--policy enforces a file', async () => {
  await withFolder(async (cwd) => {
    const policy = { version: 1, capabilities: { deny: ['resource::kv'] } };
    await writeFile(join(cwd, 'policy.yaml'), JSON.stringify(policy));
    await writeFile(join(cwd, 'broken.yaml'), '{');
    const run = (file: string) =>
      runFlows(['graph', 'check', 's4_preflight', '--policy', file, '--json'], { cwd });
    const [denied, broken, missing] = await Promise.all(
      ['policy.yaml', 'broken.yaml', 'missing.yaml'].map(run),
    );
    expect([denied!.status, codesOf(denied!)]).toEqual([1, ['POL101']]);
    expect([broken!.status, codesOf(broken!)]).toEqual([1, ['POL105']]);
    expect([missing!.status, codesOf(missing!)]).toEqual([1, ['CLI007']]);
  });
});

test('draws to files and to stdout', async () => {
  await withFolder(async (cwd) => {
    const args = [
      'graph',
      'check',
      's1_echo',
      '--dot',
      'a.dot',
      '--mermaid',
      'b/c.mmd',
      '--svg',
      'd.svg',
    ];
    expect((await runFlows(args, { cwd })).status).toBe(0);
    const read = (file: string) => readFile(join(cwd, file), 'utf8');
    const dot = await runFlows(['graph', 'check', 's1_echo', '--emit-dot'], { cwd });
    expect([dot.status, dot.stdout]).toEqual([0, await read('a.dot')]);
    expect(dot.stdout).toMatch(/^digraph "s1_echo 1\.0\.0" \{\n[\s\S]*\n\}\n$/);
    expect(await read('b/c.mmd')).toMatch(/^flowchart /);
    expect(await read('d.svg')).toMatch(/^<svg [\s\S]*<\/svg>\n?$/);
    expect((await readdir(cwd)).sort()).toEqual(['a.dot', 'b', 'd.svg']);
  });
});

test('--pretty-json prints a document that checks alike', async () => {
  const printed = await runFlows(['graph', 'check', 's1_echo', '--pretty-json']);
  expect(printed.status).toBe(0);
  const again = await runFlows(['graph', 'check', '-', '--json'], { input: printed.stdout });
  expect(documentOf(again)).toEqual({
    status: 'ok',
    node_count: 3,
    edge_count: 2,
    diagnostics: [],
  });
});

test.each(['--dot', '--mermaid', '--svg'])('%s to a place that cannot be written', async (flag) => {
  await withFolder(async (cwd) => {
    await mkdir(join(cwd, 'folder'));
    await writeFile(join(cwd, 'file'), 'kept');
    const run = (target: string) =>
      runFlows(['graph', 'check', 's1_echo', flag, target, '--json'], { cwd });
    for (const outcome of [await run('folder'), await run('file/below')]) {
      expect([outcome.status, codesOf(outcome)]).toEqual([1, ['CLI007']]);
    }
    expect((await readdir(cwd)).sort()).toEqual(['file', 'folder']);
    expect(await readFile(join(cwd, 'file'), 'utf8')).toBe('kept');
  });
});

test('a document of 100,000 nodes is checked', async () => {
  const outcome = await check(chain(100_000), '--json');
  expect([outcome.status, documentOf(outcome)]).toEqual([
    0,
    { status: 'ok', node_count: 100_000, edge_count: 99_999, diagnostics: [] },
  ]);
});

describe('bad documents', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const good = JSON.stringify(chain(2));
  const cases: readonly [string, Uint8Array, string][] = [
    ['nothing', bytes(''), 'DOC004'],
    ['no JSON', bytes('{"nodes": [}'), 'DOC004'],
    ['a cut-off document', bytes(good.slice(0, -10)), 'DOC004'],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'DOC002'],
    ['nesting of 100,000', bytes('['.repeat(100_000) + ']'.repeat(100_000)), 'DOC003'],
    ['a key that occurs twice', bytes(good.replace('{', '{"name":"other",')), 'DOC005'],
    ['a reserved key', bytes(good.replace('{', '{"__proto__":{"polluted":true},')), 'DOC006'],
    ['a list', bytes('[]'), 'DOC011'],
    ['null', bytes('null'), 'DOC011'],
    ['an unknown word', bytes(good.replace('"dev"', '"dve"')), 'DOC012'],
  ];
  test.each(cases)('%s', async (_name, input, code) => {
    const outcome = await runFlows(['graph', 'check', '-', '--json'], { input });
    expect(outcome.status).toBe(1);
    expect(codesOf(outcome)[0]).toBe(code);
    const plain = await runFlows(['graph', 'check', '-'], { input });
    expect([plain.status, plain.stdout]).toEqual([1, '']);
    expect(plain.stderr).toContain(`error ${code}: `);
    expect(plain.stderr).not.toMatch(/\n\s+at .*\.js/);
    expect(plain.stderr.length).toBeLessThan(4000);
  });
});

test.each([
  ['missing.json', 'There is no flow missing.json: no file and no shipped example has that name.'],
  [
    's1_ehco',
    'There is no flow s1_ehco: no file has that name, but there is a shipped example s1_echo.',
  ],
  ['folder', 'There is no flow folder: it is a folder.'],
  ['notes.txt', 'There is no flow notes.txt: .txt is not .json, .ts or .js.'],
  ['Makefile', 'There is no flow Makefile: a file without ending is not .json, .ts or .js.'],
])('FLOW %s', async (flow, message) => {
  await withFolder(async (cwd) => {
    await mkdir(join(cwd, 'folder'));
    await writeFile(join(cwd, 'notes.txt'), 'x');
    await writeFile(join(cwd, 'Makefile'), 'x');
    const { status, stdout, stderr } = await runFlows(['graph', 'check', flow], { cwd });
    expect([status, stdout, stderr.split('\n')[0]]).toEqual([1, '', `error LOAD001: ${message}`]);
  });
});
