import fc from 'fast-check';
import { closedHost, type ComposeHost } from '../host/compose-host.js';
import { standardRegistry } from '../run/standard-registry.js';
import type { State } from '../run/state.js';
import { withProject } from '../testing/project-files.js';
import { failureOf, runText, SET } from '../testing/run-text.js';
import { selectEntry } from './registry-index.js';

/** What a tooling contract gives. */
async function called(id: string, input: State, host: ComposeHost = closedHost()): Promise<State> {
  const text = `compose: [{call: "lcod://tooling/${id}", in: {"...": "="}, out: {r: $}}]`;
  const state = await runText(text, input, { registry: standardRegistry(), host });
  return state['r'] as State;
}

const entry = (version: string, registryId = 'one') => ({ version, registryId, manifest: 'm' });
const packages = {
  'lcod://x/a': [entry('1.2.0'), entry('1.10.0', 'two'), entry('1.9.0'), entry('2.0.0-rc.1')],
};

test.each<[State, State | null]>([
  [{ id: 'lcod://x/a', range: '^1.2.0' }, entry('1.10.0', 'two')],
  [{ id: 'lcod://x/a', range: '1' }, entry('1.10.0', 'two')],
  [{ id: 'lcod://x/a@1' }, entry('1.10.0', 'two')],
  [{ id: 'lcod://x/a' }, entry('1.10.0', 'two')],
  [{ id: 'lcod://x/a', range: 'latest', registryId: 'one' }, entry('1.9.0')],
  [{ id: 'lcod://x/a', range: '~1.2.0 || 9.x' }, entry('1.2.0')],
  [{ id: 'lcod://x/a', range: '3.x' }, null],
  [{ id: 'lcod://x/a', range: 'banana' }, null],
  [{ id: 'lcod://x/none', range: '*' }, null],
  [{ id: 'constructor', range: '*' }, null],
])('select of %j', async (request, expected) => {
  expect(await called('registry/select@0.1.0', { ...request, packages })).toEqual({
    entry: expected,
  });
});

test('select gives the highest version, whatever the order', () => {
  const number = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(number, number), { minLength: 1 }), (pairs) => {
      const list = pairs.map(([minor, patch]) => entry(`1.${minor}.${patch}`));
      const [minor, patch] = pairs.toSorted((a, b) => b[0] - a[0] || b[1] - a[1])[0]!;
      expect(selectEntry({ 'lcod://x/a': list }, 'lcod://x/a', '1')).toEqual(
        entry(`1.${minor}.${patch}`),
      );
    }),
  );
});

test('an index has registries and components by priority, and tells what it does not understand', async () => {
  const line = (version: string, more: State = {}) => ({
    kind: 'component',
    id: 'lcod://x/a',
    version,
    manifest: `${version}.json`,
    ...more,
  });
  const text = [
    JSON.stringify({ kind: 'registry', id: 'far', type: 'http' }),
    '{"kind":',
    '',
    JSON.stringify(line('1.0.0')),
    '7',
  ].join('\n');
  const sources: State[] = [
    { registryId: 'far', priority: 50, defaults: { url: 'u' }, jsonl: text },
    { registryId: 'near', priority: 0, lines: [line('0.9.0'), line('2.0.0', { priority: 99 })] },
    { priority: 3 },
  ];
  const found = await called('registry/index@0.1.0', { sources });
  const near = { ...line('0.9.0'), registryId: 'near', priority: 0, order: 1 };
  const far = { ...line('1.0.0'), registryId: 'far', priority: 50, order: 0 };
  const last = { ...line('2.0.0'), registryId: 'near', priority: 99, order: 2 };
  expect(found).toEqual({
    registries: [
      { id: 'near', priority: 0 },
      { kind: 'registry', id: 'far', type: 'http', url: 'u', priority: 50 },
    ],
    entries: [near, far, last],
    packages: { 'lcod://x/a': [near, far, last] },
    errors: [
      expect.stringMatching(/^far, line 2: /),
      'far, line 5: it is neither a registry nor a component.',
      'Source 2: it has no registryId.',
    ],
  });
});

test('sources are loaded from folders that are granted, and requests resolved', async () => {
  const line = (version: string) =>
    JSON.stringify({ kind: 'component', id: 'lcod://x/a', version, manifest: 'm' });
  const files = {
    'reg/packages.jsonl': `${line('1.0.0')}\n${line('1.1.0')}\n`,
    'reg/about.json': '{"type": "file"}',
  };
  await withProject(files, async (folder) => {
    const host = { ...closedHost(folder), readRoots: [folder] };
    const sources: State[] = [
      { id: 'one', path: 'reg', registryPath: 'reg/about.json', priority: 7 },
      { id: 'out', path: '../..' },
      { id: 'none', packagesPath: 'reg/none.jsonl' },
      { id: 'inline', lines: [JSON.parse(line('1.2.0-rc.1')) as State] },
      { path: 'reg' },
    ];
    const requests: State[] = [{ id: 'lcod://x/a@1' }, { id: 'lcod://x/a', range: '^2.0.0' }];
    const input = { projectPath: folder, sources, requests };
    const { resolved, registries, warnings } = await called(
      'registry/resolution@0.1.0',
      input,
      host,
    );
    expect(registries).toEqual([
      { id: 'one', type: 'file', priority: 7 },
      { id: 'inline', priority: 100 },
    ]);
    const picked = { kind: 'component', id: 'lcod://x/a', version: '1.1.0', manifest: 'm' };
    expect(resolved).toEqual([
      {
        id: 'lcod://x/a@1',
        range: '1',
        entry: { ...picked, registryId: 'one', priority: 7, order: 1 },
      },
      { id: 'lcod://x/a', range: '^2.0.0', entry: null },
    ]);
    expect((warnings as string[]).map((warning) => warning.split(':')[0])).toEqual([
      'out',
      'none',
      'Source 4',
      'No version of lcod',
    ]);
    const loaded = await called(
      'registry/source/load@0.1.0',
      { projectPath: folder, sources },
      host,
    );
    expect((loaded['sources'] as State[]).map(({ registryId }) => registryId)).toEqual([
      'one',
      'inline',
    ]);
    const closed = await called('registry/source/load@0.1.0', { projectPath: folder, sources });
    expect((closed['sources'] as State[]).length).toBe(1);
  });
});

test('replacements are followed, and circles told', async () => {
  const replaceAlias = { a: 'b', b: 'c', x: 'y', y: 'x' };
  const apply = (id: string, replaceSpec: State = {}) =>
    called('resolver/replace/apply@0.1.0', { id, replaceAlias, replaceSpec });
  expect(await apply('a')).toEqual({ targetId: 'c', override: null, warnings: [] });
  const spec = { type: 'path', path: 'p' };
  expect(await apply('a', { b: spec })).toEqual({ targetId: 'b', override: spec, warnings: [] });
  expect(await apply('x')).toEqual({
    targetId: 'y',
    override: null,
    warnings: ['The replacements lead in a circle: x -> y -> x'],
  });
  expect(await apply('toString')).toEqual({ targetId: 'toString', override: null, warnings: [] });
});

test('warnings are merged in their order', async () => {
  const buckets = [['a', '', null, 1], 'no', null, ['b']];
  expect(await called('resolver/warnings/merge@0.1.0', { buckets })).toEqual({
    warnings: ['a', 'b'],
  });
});

test('the folder of the cache is the first one that is granted', async () => {
  await withProject({}, async (folder) => {
    const environment = { LCOD_CACHE_DIR: `${folder}/cache` };
    const granted = { ...closedHost('/nowhere'), environment, writeRoots: [folder] };
    expect(await called('resolver/cache-dir@1', {}, granted)).toEqual({ path: `${folder}/cache` });
    expect(await called('resolver/cache-dir@1', { projectPath: folder }, granted)).toEqual({
      path: `${folder}/.lcod/cache`,
    });
    const text = 'compose: [{call: "lcod://tooling/resolver/cache-dir@1"}]';
    const options = { registry: standardRegistry(), host: closedHost(folder) };
    expect((await failureOf(text, {}, options))['code']).toBe('CAP111');
  });
});

describe('register', () => {
  const steps = (value: string) => [
    { call: SET.id, in: { v: value, x: '$.hidden' }, out: { v: 'v', x: 'x' } },
  ];
  const run = (components: State[], call: string, host = closedHost()) =>
    runText(
      `compose:
  - {call: "lcod://tooling/resolver/register@1", in: {components: $.components}, out: {r: $}}
  - {call: "${call}", in: {hidden: 1}, out: {result: $}}
`,
      { components },
      { registry: standardRegistry().register(SET), host },
    );

  test('components can be called afterwards, in this execution alone', async () => {
    const components: State[] = [
      { id: 'lcod://x/a@1.0.0', compose: steps('A'), inputs: [], outputs: ['v', 'x'] },
      {
        id: './b',
        compose: [{ call: 'other', out: { v: 'v' } }],
        context: { basePath: 'x', version: '2.0.0', aliasMap: { other: 'a' } },
      },
      { id: 'lcod://x/a@2.0.0', compose: steps('A2') },
    ];
    const state = await run(components, 'lcod://x/a@1.0.0');
    expect([state['r'], state['result']]).toEqual([{ registered: 3 }, { v: 'A', x: null }]);
    expect((await run(components, 'lcod://x/b@2.0.0'))['result']).toEqual({ hidden: 1, v: 'A2' });
    expect(
      await failureOf('compose: [{call: "lcod://x/a@1"}]', {}, { registry: standardRegistry() }),
    ).toMatchObject({ code: 'COMP101' });
  });

  test('composes are read from files that are granted, with the names that are described', async () => {
    const files = {
      'a/compose.yaml': `compose: ${JSON.stringify(steps('F'))}`,
      'a/lcp.toml': '[outputs.v]\nsummary = "v"',
      'b/compose.yaml': 'compose: 3',
    };
    await withProject(files, async (folder) => {
      const host = { ...closedHost(folder), readRoots: [folder] };
      const components: State[] = [
        { id: 'lcod://x/a@1.0.0', composePath: 'a/compose.yaml' },
        { id: 'lcod://x/b@1.0.0', composePath: 'b/compose.yaml' },
        { id: 'lcod://x/c@1.0.0', composePath: '../c.yaml' },
        { id: './d', compose: [] },
        { id: 'lcod://x/e@1.0.0', compose: [{}] },
        { compose: [] },
      ];
      const { r, result } = await run(components, 'lcod://x/a@1', host);
      expect(result).toEqual({ v: 'F' });
      const { registered, warnings } = r as State;
      expect(registered).toBe(1);
      expect((warnings as string[]).map((warning) => warning.split(': ')[0])).toEqual([
        'lcod://x/b@1.0.0',
        'lcod://x/c@1.0.0',
        './d',
        'lcod://x/e@1.0.0',
        'components.5',
      ]);
    });
  });
});
