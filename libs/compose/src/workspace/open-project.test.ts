import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Value } from '@basalt/ir';
import { ComposeError } from '../run/compose-error.js';
import { compileCompose, runCompose } from '../run/compose-run.js';
import type { Registry } from '../run/registry.js';
import type { State } from '../run/state.js';
import { descriptorText, shownFindings, withProject } from '../testing/project-files.js';
import { DELAY, SET } from '../testing/run-text.js';
import { openProject } from './open-project.js';

const WORKSPACE = `
schemaVersion = "1.0"
kind = "workspace"
[workspace]
packages = ["shop", "packages/tools"]
[workspace.scopeAliases]
t = "text/tools"
`;

const port = (side: string, name: string, schema: string, more = '') =>
  `[${side}.${name}]\nsummary = "x"\nschema = '${schema}'\n${more}`;

const packageText = (id: string) =>
  descriptorText(id, '[workspace]\ncomponentsDir = "components"', 'workspace-package');

const FILES: Readonly<Record<string, string>> = {
  'workspace.lcp.toml': WORKSPACE,
  'packages/shop/lcp.toml': packageText('lcod://acme/shop@2.0.0'),
  'packages/shop/README.md': 'x',
  'packages/tools/lcp.toml': packageText('lcod://acme/tools@0.3.0'),
  'packages/tools/README.md': 'x',
  'packages/shop/components/total/lcp.toml': descriptorText(
    'lcod://acme/shop/total@2.0.0',
    port('inputs', 'price', '{"type":"number"}', 'required = true\n') +
      port('inputs', 'tax', '{"type":"number"}', 'default = "7"\n') +
      port('outputs', 'sum', '{"type":"object"}'),
  ),
  'packages/shop/components/total/README.md': 'x',
  'packages/shop/components/total/compose.yaml': `
compose:
  - call: lcod://flow/if@1
    in: {cond: true}
    slots:
      then: [{call: ./deep/pair, in: {a: $.price, b: $.tax}, out: {pair: pair}}]
    out: {sum: pair}
`,
  'packages/shop/components/deep/pair/lcp.toml': descriptorText('lcod://acme/shop/deep/pair@2.0.0'),
  'packages/shop/components/deep/pair/README.md': 'x',
  'packages/shop/components/deep/pair/compose.yaml':
    'compose: [{call: lcod://impl/set@1, in: {a: $.a, b: $.b, c: $.secret}, out: {pair: $}}]',
};

async function run(
  folder: string,
  text: string,
  state: State = {},
  change: (registry: Registry) => unknown = () => undefined,
): Promise<State> {
  const project = await openProject(folder);
  const read = await project.readCompose(text, join(folder, 'compose.yaml'));
  if (read.compose === undefined) throw new Error(JSON.stringify(read.diagnostics));
  const registry = (await project.registry()).register(SET).register(DELAY);
  change(registry);
  return runCompose(compileCompose(read.compose, 'compose.yaml'), { registry, state });
}

async function failure(work: Promise<unknown>): Promise<[code: string, message: string]> {
  try {
    await work;
  } catch (error) {
    const { code, message } = ComposeError.from(error);
    return [code, message];
  }
  throw new Error('It did not fail.');
}

const CALL = (id: string, input: string) => `compose: [{call: "${id}", in: ${input}, out: {r: $}}]`;
const TOTAL = 'lcod://acme/shop/total@2';

/** A project that is one component. */
const single = (more: string, compose: string) => ({
  'lcp.toml': descriptorText('lcod://acme/one@1.0.0', more),
  'README.md': 'x',
  'compose.yaml': compose,
});
const ONE = 'lcod://acme/one@1.0.0';

test('components of a workspace call each other by relative ids, in slots too', async () => {
  await withProject(FILES, async (folder) => {
    const state = { secret: 'not handed in' };
    expect(await run(folder, CALL(TOTAL, '{price: 2, other: 1}'), state)).toEqual({
      secret: 'not handed in',
      r: { sum: { a: 2, b: 7, c: null } },
    });
    const project = await openProject(folder);
    expect(await project.check()).toEqual([]);
  });
});

test.each<[string, string, [string, string]]>([
  [
    'a missing input',
    '{}',
    ['COMP216', `lcod://acme/shop/total@2.0.0 does not accept the input price: it is missing.`],
  ],
  [
    'an input of another type',
    '{price: x}',
    ['COMP216', `lcod://acme/shop/total@2.0.0 does not accept the input price: it must be number.`],
  ],
])('%s is refused', async (_, input, expected) => {
  await withProject(FILES, async (folder) => {
    expect(await failure(run(folder, CALL(TOTAL, input)))).toEqual(expected);
  });
});

test('the part of an input that is refused is named', async () => {
  const schema = '{"type":"object","properties":{"n":{"items":{"type":"integer"}}}}';
  const files = single(port('inputs', 'a', schema), 'compose: []');
  await withProject(files, async (folder) => {
    const work = run(folder, CALL(ONE, '{a: {n: [1, 2.5]}}'));
    await expect(work).rejects.toMatchObject({ code: 'COMP216', data: { input: '/a/n/1' } });
    expect(await run(folder, CALL(ONE, '{a: null}'))).toEqual({ r: { a: null } });
  });
});

test.each<[string, Value, string]>([
  ['of another type', 'x', 'must be number'],
  ['that is missing', null, 'is missing'],
])('an output %s is refused', async (_, value, problem) => {
  const more =
    port('inputs', 'v', 'true') + port('outputs', 'v', '{"type":"number"}', 'required = true\n');
  await withProject(single(more, 'compose: []'), async (folder) => {
    const message = `${ONE} gives an output that it does not describe: v ${problem}.`;
    expect(await failure(run(folder, CALL(ONE, JSON.stringify({ v: value }))))).toEqual([
      'COMP217',
      message,
    ]);
    expect(await run(folder, CALL(ONE, '{v: 1}'))).toEqual({ r: { v: 1 } });
  });
});

describe('hints', () => {
  const flaky = (failures: number) => {
    const seen = { calls: 0 };
    const component = {
      id: 'lcod://impl/flaky@1',
      handler: () => {
        seen.calls += 1;
        if (seen.calls <= failures) throw new Error('not yet');
        return { calls: seen.calls };
      },
    };
    return { seen, component };
  };
  const COMPOSE = 'compose: [{call: lcod://impl/flaky@1, out: {calls: calls}}]';

  test.each([
    ['retries = 2\nidempotent = true', 2, 3],
    ['retries = 2\npure = true', 2, 3],
    ['retries = 1\nidempotent = true', 2, 2],
    ['retries = 2', 1, 1],
    ['idempotent = true', 1, 1],
  ])('%j with %i failures makes %i calls', async (hints, failures, calls) => {
    await withProject(single(`[hints]\n${hints}`, COMPOSE), async (folder) => {
      const { seen, component } = flaky(failures);
      const work = run(folder, CALL(ONE, '{}'), {}, (registry) => registry.register(component));
      if (calls > failures) expect(await work).toEqual({ r: { calls } });
      else expect(await failure(work)).toEqual(['unexpected_error', 'not yet']);
      expect(seen.calls).toBe(calls);
    });
  });

  test('the time of a call is bounded, and what it waits for is stopped', async () => {
    const compose = 'compose: [{call: lcod://impl/delay@1, in: {ms: 600000}}]';
    const hints = '[hints]\ntimeoutMs = 20\nretries = 5\nidempotent = true';
    await withProject(single(hints, compose), async (folder) => {
      const message = `${ONE} took longer than 20 ms.`;
      expect(await failure(run(folder, CALL(ONE, '{}')))).toEqual(['COMP109', message]);
    });
  });

  test('a loop that never waits is stopped too', async () => {
    const compose = `
compose:
  - call: lcod://flow/while@1
    slots: {condition: [{let: {cond: true}}], body: []}
`;
    await withProject(single('[hints]\ntimeoutMs = 20', compose), async (folder) => {
      expect((await failure(run(folder, CALL(ONE, '{}'))))[0]).toBe('COMP109');
    });
  });
});

test('a major version is the highest of the project, whichever was called before', async () => {
  const at = (folder: string, version: string) => ({
    [`packages/shop/components/${folder}/lcp.toml`]: descriptorText(
      `lcod://acme/shop/v@${version}`,
    ),
    [`packages/shop/components/${folder}/compose.yaml`]: `compose: [{call: lcod://impl/set@1, in: {v: "${version}"}, out: {v: v}}]`,
  });
  const files = { ...FILES, ...at('a', '1.9.0'), ...at('b', '1.10.0'), ...at('c', '1.11.0-rc.1') };
  const text = `
compose:
  - {call: "lcod://acme/shop/v@1.9.0", out: {a: v}}
  - {call: "lcod://acme/shop/v@1", out: {b: v}}
`;
  await withProject(files, async (folder) => {
    expect(await run(folder, text)).toEqual({ a: '1.9.0', b: '1.10.0' });
  });
});

test('a compose beside a descriptor resolves against it; one without is told', async () => {
  const files = {
    'a/lcp.toml': descriptorText('lcod://acme/one@1.0.0'),
    'a/compose.yaml': '',
    'b/compose.yaml': '',
  };
  await withProject(files, async (folder) => {
    const project = await openProject(folder);
    const text = 'compose:\n  - call: ./x';
    const read = await project.readCompose(text, join(folder, 'a/compose.yaml'));
    expect(read.compose?.steps).toEqual([{ call: 'lcod://acme/one/x@1.0.0' }]);
    const alone = await project.readCompose(text, join(folder, 'b/compose.yaml'));
    expect(alone.compose).toBeUndefined();
    expect(shownFindings(alone.diagnostics, folder)).toEqual([
      'COMP213 b/compose.yaml:2 The relative id ./x cannot be resolved: there is no lcp.toml beside the compose.',
    ]);
  });
});

test('components of the old list are found', async () => {
  const files = {
    'workspace.lcp.toml':
      'schemaVersion = "1.0"\nkind = "workspace"\n[workspace]\n[[workspace.components]]\nid = "lcod://acme/one@1.0.0"\npath = "one"',
    ...Object.fromEntries(
      Object.entries(single('', 'compose: []')).map(([name, text]) => [`one/${name}`, text]),
    ),
  };
  await withProject(files, async (folder) => {
    expect(await run(folder, CALL(ONE, '{a: 1}'))).toEqual({ r: { a: 1 } });
  });
});

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['no TOML', { 'workspace.lcp.toml': 'a' }, ['COMP201 workspace.lcp.toml:1']],
  [
    'an unknown key',
    { 'workspace.lcp.toml': `${WORKSPACE}x = "y"\n[more]` },
    ['COMP203 workspace.lcp.toml:9'],
  ],
  [
    'a package that is elsewhere',
    { 'workspace.lcp.toml': WORKSPACE.replace('"shop"', '"../shop"') },
    ['COMP212 workspace.lcp.toml:5'],
  ],
  [
    'a package that is missing',
    { 'workspace.lcp.toml': WORKSPACE.replace('"shop"', '"shops"') },
    ['COMP206 workspace.lcp.toml:5'],
  ],
  [
    'components that are elsewhere',
    {
      'packages/tools/lcp.toml': packageText('lcod://acme/tools@0.3.0').replace(
        '"components"',
        '"../../../x"',
      ),
    },
    ['COMP212 workspace.lcp.toml:5'],
  ],
  [
    'components that are a file',
    { 'packages/tools/components': 'x' },
    ['COMP206 workspace.lcp.toml:5'],
  ],
  [
    'an id that is found only by reading all',
    {
      'packages/tools/components/a/lcp.toml': `kind = '''\nid = "lcod://acme/shop/total@2.0.0"\n'''`,
    },
    Array<string>(5).fill('COMP202 packages/tools/components/a/lcp.toml'),
  ],
  [
    'two components with one id',
    { 'packages/shop/components/z/lcp.toml': FILES['packages/shop/components/total/lcp.toml']! },
    ['COMP211 packages/shop/components/z/lcp.toml:0'],
  ],
  [
    'a component without files',
    { 'packages/shop/components/z/lcp.toml': descriptorText('lcod://acme/shop/z@1.0.0') },
    ['COMP206', 'COMP206'],
  ],
  [
    'schema files that are missing or broken',
    {
      'packages/shop/components/total/in.json': '{',
      'packages/shop/components/total/lcp.toml': descriptorText(
        'lcod://acme/shop/total@2.0.0',
        '[tool]\nname = "t"\ninputSchema = "in.json"\noutputSchema = "out.json"',
      ),
    },
    [
      'COMP205 packages/shop/components/total/lcp.toml:8',
      'COMP206 packages/shop/components/total/lcp.toml:9',
    ],
  ],
  [
    'a compose with a relative id that leads out',
    { 'packages/shop/components/total/compose.yaml': 'compose:\n  - call: ../../x' },
    ['COMP204 packages/shop/components/total/compose.yaml:2'],
  ],
  [
    'a component that is not as pure as it says',
    {
      'packages/shop/components/total/lcp.toml': descriptorText(
        'lcod://acme/shop/total@2.0.0',
        '[hints]\npure = true',
      ),
      'packages/shop/components/total/compose.yaml':
        'compose:\n  - call: lcod://flow/if@1\n    slots:\n      then:\n        - call: lcod://axiom/fs/read-file@1',
    },
    ['COMP218 packages/shop/components/total/compose.yaml:5'],
  ],
  [
    'components that call each other without end',
    {
      'packages/shop/components/total/compose.yaml': 'compose:\n  - call: ./deep/pair',
      'packages/shop/components/deep/pair/compose.yaml':
        'compose:\n  - call: lcod://impl/set@1\n  - call: ./total',
    },
    ['COMP214 packages/shop/components/total/compose.yaml:2'],
  ],
])('%s is told by line', async (_, changed, expected) => {
  await withProject({ ...FILES, ...changed }, async (folder) => {
    const found = shownFindings(await (await openProject(folder)).check(), folder);
    expect(found.map((one, i) => one.slice(0, expected[i]?.length))).toEqual(expected);
  });
});

test('a circle that a condition may leave is none', async () => {
  const files = single(
    '',
    'compose: [{call: lcod://flow/if@1, in: {cond: $.c}, slots: {then: [{call: lcod://acme/one@1}]}}]',
  );
  await withProject(files, async (folder) => {
    expect(await (await openProject(folder)).check()).toEqual([]);
  });
});

test('a folder that a link leads out of is not read', async () => {
  await withProject({ 'secret/components/x/lcp.toml': 'x' }, async (outside) => {
    await withProject(FILES, async (folder) => {
      await mkdir(join(folder, 'packages/tools'), { recursive: true });
      await symlink(join(outside, 'secret/components'), join(folder, 'packages/tools/components'));
      const found = shownFindings(await (await openProject(folder)).check(), folder);
      expect(found).toEqual([
        'COMP212 workspace.lcp.toml:5 The path "packages/tools/components" leads out of ..',
      ]);
    });
  });
});

test('what is wrong with a component is told when it is called', async () => {
  const files = single('[inputs.a]', 'compose: []');
  await withProject(files, async (folder) => {
    expect(await failure(run(folder, CALL(ONE, '{}')))).toEqual([
      'COMP101',
      `There is no component ${ONE}.`,
    ]);
  });
  await withProject(single('', 'compose: 3'), async (folder) => {
    expect((await failure(run(folder, CALL(ONE, '{}'))))[0]).toBe('COMP002');
  });
});

test('a project needs a folder', async () => {
  await withProject({}, async (folder) => {
    await expect(openProject(join(folder, 'none'))).rejects.toMatchObject({
      diagnostic: { code: 'COMP206' },
    });
    expect(await (await openProject(folder)).check()).toEqual([]);
  });
});
