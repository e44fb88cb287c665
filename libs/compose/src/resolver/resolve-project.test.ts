import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { httpWrite } from '@basalt/capabilities';
import { closedHost, type ComposeHost } from '../host/compose-host.js';
import { ComposeError } from '../run/compose-error.js';
import { compileCompose, runCompose } from '../run/compose-run.js';
import {
  descriptorText,
  shownFindings,
  withProject,
  writeFiles,
} from '../testing/project-files.js';
import { composeOf, SET } from '../testing/run-text.js';
import { openProject, type Project } from '../workspace/open-project.js';
import { integrityOf, sha256Of } from './integrity.js';

let server: Server;
let origin: string;
let host: ComposeHost;
/** What the server holds, and what it was asked for. */
let pages: Record<string, string> = {};
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url!);
    const page = pages[request.url!];
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { allow: ['127.0.0.1'], allowPrivate: true, timeoutMs: 60_000 };
  host = {
    ...closedHost(),
    environment: { HOME: '/nonexistent' },
    http: { direct: httpWrite(options), following: httpWrite({ ...options, maxRedirects: 5 }) },
  };
});

afterAll(async () => {
  await Promise.all([host.http!.direct.close(), host.http!.following.close()]);
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  pages = {};
  asked = [];
});

const requires = (...ids: readonly string[]) => `[deps]\nrequires = ${JSON.stringify(ids)}`;
const says = (text: string) =>
  `compose: [{call: lcod://impl/set@1, in: {v: "${text}"}, out: {v: v}}]`;

/** A project that requires ids. */
const project = (...ids: readonly string[]) => ({
  'lcp.toml': descriptorText('lcod://acme/app@1.0.0', requires(...ids)),
  'README.md': 'x',
  'compose.yaml': 'compose: []',
});

/** A component in a folder. */
const component = (folder: string, id: string, ...needs: readonly string[]) => ({
  [`${folder}/lcp.toml`]: descriptorText(id, needs.length === 0 ? '' : requires(...needs)),
  [`${folder}/compose.yaml`]: says(id),
});

const SOURCE = (...entrypoints: readonly object[]) =>
  JSON.stringify({
    schema: 'lcod-resolver/sources@1',
    sources: entrypoints.map((entrypoint, i) => ({ id: `s${i}`, priority: i, entrypoint })),
  });

const LIST = (...lines: readonly object[]) =>
  [{ type: 'manifest', schema: 'lcod-manifest/list@1' }, ...lines]
    .map((line) => JSON.stringify(line))
    .join('\n');

const listed = (folder: string, id: string, more: object = {}) => ({
  type: 'component',
  id,
  compose: `${folder}/compose.yaml`,
  ...more,
});

async function call(opened: Project, id: string): Promise<unknown> {
  const registry = (await opened.registry()).register(SET);
  const compose = composeOf(`compose: [{call: "${id}", out: {v: v}}]`);
  try {
    return (await runCompose(compileCompose(compose, 'x'), { registry }))['v'];
  } catch (error) {
    return ComposeError.from(error).code;
  }
}

/** Findings of a resolution of these files. */
async function problems(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await withProject(files, async (folder) => {
    const { lock, diagnostics } = await (await openProject(folder)).resolve({ host });
    found = shownFindings(diagnostics, folder);
    expect([lock, (await readdir(folder)).includes('lcp.lock')]).toEqual([undefined, false]);
  });
  return found;
}

test('the highest version that fits is locked, and runs; the lock has the same bytes again', async () => {
  const files = {
    ...project('lcod://x/a@1', 'lcod://x/b@2.0.0', 'lcod://flow/if@1'),
    'sources.json': SOURCE({ type: 'file', path: 'reg/list.jsonl' }),
    'reg/list.jsonl': LIST(
      listed('a9', 'lcod://x/a@1.9.0'),
      listed('a10', 'lcod://x/a@1.10.0'),
      listed('a11', 'lcod://x/a@1.11.0-rc.1'),
      listed('a2', 'lcod://x/a@2.0.0'),
      listed('b', 'lcod://x/b@2.0.0'),
    ),
    ...component('reg/a9', 'lcod://x/a@1.9.0'),
    ...component('reg/a10', 'lcod://x/a@1.10.0', 'lcod://x/b@2'),
    ...component('reg/a11', 'lcod://x/a@1.11.0-rc.1'),
    ...component('reg/a2', 'lcod://x/a@2.0.0'),
    ...component('reg/b', 'lcod://x/b@2.0.0'),
  };
  await withProject(files, async (folder) => {
    const opened = await openProject(folder);
    const { lock, diagnostics } = await opened.resolve({ host });
    expect(diagnostics).toEqual([]);
    const picked = lock!.components!.map(({ id, resolved, source, dependencies }) => [
      id,
      resolved,
      source.path,
      dependencies,
    ]);
    expect(picked).toEqual([
      ['lcod://acme/app@1.0.0', 'lcod://acme/app@1.0.0', '.', undefined],
      [
        'lcod://x/a@1',
        'lcod://x/a@1.10.0',
        'reg/a10/lcp.toml',
        [{ id: 'lcod://x/b', requested: 'lcod://x/b@2', resolved: 'lcod://x/b@2.0.0' }],
      ],
      ['lcod://x/b@2', 'lcod://x/b@2.0.0', 'reg/b/lcp.toml', undefined],
      ['lcod://x/b@2.0.0', 'lcod://x/b@2.0.0', 'reg/b/lcp.toml', undefined],
    ]);
    const text = await readFile(join(folder, 'lcp.lock'), 'utf8');
    expect(await opened.lock()).toEqual(lock);
    await rm(join(folder, 'reg'), { recursive: true });
    const again = await openProject(folder);
    for (const id of ['lcod://x/a@1', 'lcod://x/a@1.10.0']) {
      expect(await call(again, id)).toBe('lcod://x/a@1.10.0');
    }
    expect(await call(again, 'lcod://x/a@1.9.0')).toBe('COMP101');
    expect(await again.check()).toEqual([]);
    await writeFiles(folder, files);
    await again.resolve({ host });
    expect(await readFile(join(folder, 'lcp.lock'), 'utf8')).toBe(text);
    expect((await readdir(folder)).filter((name) => /lock/.test(name))).toEqual(['lcp.lock']);
  });
});

test.each(['lcp.toml', 'compose.yaml'])(
  'a %s that is not what was locked is refused',
  async (name) => {
    const files = {
      ...project('lcod://x/a@1'),
      'resolve.config.json': JSON.stringify({
        sources: { 'lcod://x/a': { type: 'path', path: 'a' } },
      }),
      ...component('a', 'lcod://x/a@1.0.0'),
    };
    await withProject(files, async (folder) => {
      const opened = await openProject(folder);
      const { lock } = await opened.resolve({ host });
      expect(await call(opened, 'lcod://x/a@1')).toBe('lcod://x/a@1.0.0');
      const file = join(folder, lock!.components![1]!.path!, name);
      await writeFile(file, `${await readFile(file, 'utf8')}\n`);
      const again = await openProject(folder);
      expect(await call(again, 'lcod://x/a@1')).toBe('COMP225');
      expect((await again.check()).map(({ code }) => code)).toEqual(['COMP225']);
      await rm(file);
      expect(await call(await openProject(folder), 'lcod://x/a@1')).toBe('COMP206');
    });
  },
);

test('a lock with digests in base64 is read; a broken one, and paths that lead out, are told', async () => {
  const [lcp] = Object.values(component('a', 'lcod://x/a@1.0.0'));
  const digest = Buffer.from(sha256Of(lcp!), 'hex').toString('base64');
  const lockOf = (path: string) =>
    `schemaVersion = "1.0"\n[[components]]\nid = "lcod://x/a@1"\nresolved = "lcod://x/a@1.0.0"\nintegrity = "sha256-${digest}"\npath = "${path}"\nsource = { type = "path" }`;
  const files = { ...project(), ...component('a', 'lcod://x/a@1.0.0'), 'lcp.lock': lockOf('a') };
  await withProject(files, async (folder) => {
    expect(await call(await openProject(folder), 'lcod://x/a@1')).toBe('lcod://x/a@1.0.0');
    await writeFiles(folder, { 'lcp.lock': lockOf('../a') });
    expect(await call(await openProject(folder), 'lcod://x/a@1')).toBe('COMP212');
    expect((await (await openProject(folder)).check()).map(({ code }) => code)).toEqual([
      'COMP212',
    ]);
    await writeFiles(folder, { 'lcp.lock': 'schemaVersion = "2.0"' });
    const opened = await openProject(folder);
    await expect(opened.registry()).rejects.toMatchObject({ diagnostic: { code: 'COMP202' } });
    expect(shownFindings(await opened.check(), folder)).toEqual([
      'COMP202 lcp.lock:1 schemaVersion must be "1.0".',
    ]);
  });
});

test('catalogues on a web server are read by their checksums, once', async () => {
  const files = component('', 'lcod://x/a@1.0.0');
  const [descriptor, compose] = Object.values(files) as [string, string];
  const manifest = JSON.stringify({
    schema: 'lcod-registry/manifest@1',
    id: 'lcod://x/a@1.0.0',
    files: [
      { path: 'lcp.toml', sha256: sha256Of(descriptor), size: descriptor.length },
      { path: 'compose.yaml', sha256: sha256Of(compose), size: compose.length },
    ],
  });
  pages = {
    '/m/catalogue.json': JSON.stringify({
      schema: 'lcod-registry/catalogue@1',
      id: 'x',
      components: [
        {
          id: 'lcod://x/a',
          versions: [{ version: '1.0.0', manifest: 'a/m.json', sha256: integrityOf(manifest) }],
        },
      ],
    }),
    '/m/a/m.json': manifest,
    '/m/a/lcp.toml': descriptor,
    '/m/a/compose.yaml': compose,
  };
  const mirrors = { 'https://registry.example/': `${origin}/m/` };
  const source = {
    ...project('lcod://x/a@1.0.0'),
    'resolve.config.json': JSON.stringify({ mirrors }),
    'sources.json': SOURCE({ type: 'https', url: 'https://registry.example/catalogue.json' }),
  };
  await withProject(source, async (folder) => {
    const opened = await openProject(folder);
    expect((await opened.resolve({ host })).diagnostics).toEqual([]);
    expect(await call(opened, 'lcod://x/a@1')).toBe('lcod://x/a@1.0.0');
    await opened.resolve({ host });
    expect(asked).toEqual([
      '/m/catalogue.json',
      '/m/a/m.json',
      '/m/a/lcp.toml',
      '/m/a/compose.yaml',
      '/m/catalogue.json',
    ]);
  });
  pages['/m/a/compose.yaml'] = `${compose}# changed`;
  expect((await problems(source)).map((one) => one.slice(0, 18))).toEqual(['COMP235 lcp.toml:7']);
});

test('replacements, bindings and the lower priority are honoured', async () => {
  const files = {
    ...project('lcod://x/a@1', 'lcod://x/z@1', 'lcod://x/both@1'),
    'resolve.config.json': JSON.stringify({
      replace: {
        'lcod://x/a': 'lcod://x/b',
        'lcod://x/b@1': { type: 'path', path: 'b' },
        'lcod://x/z@1': 'lcod://x/y@3',
      },
      bindings: { 'lcod://contract/shop/pay@1': 'lcod://x/a@1' },
    }),
    'sources.json': SOURCE(
      { type: 'file', path: 'first.jsonl' },
      { type: 'file', path: 'second.jsonl' },
    ),
    'first.jsonl': LIST(
      { type: 'list', path: 'more/list.jsonl', namespace: 'x', version: '^3' },
      listed('one', 'lcod://x/both@1.0.0'),
    ),
    'more/list.jsonl': LIST(
      { type: 'list', path: '../first.jsonl' },
      listed('y', 'lcod://x/y@3.1.0'),
      listed('y', 'lcod://x/y@4.0.0'),
      listed('y', 'lcod://other/y@3.0.0'),
    ),
    'second.jsonl': LIST(listed('two', 'lcod://x/both@1.0.0')),
    ...component('b', 'lcod://x/b@1.5.0'),
    ...component('more/y', 'lcod://x/y@3.1.0'),
    ...component('one', 'lcod://x/both@1.0.0'),
    ...component('two', 'lcod://x/both@1.0.0'),
  };
  await withProject(files, async (folder) => {
    const opened = await openProject(folder);
    const { lock, diagnostics } = await opened.resolve({ host });
    expect(shownFindings(diagnostics, folder)).toEqual([]);
    const both = lock!.components!.find(({ id }) => id === 'lcod://x/both@1');
    expect(both?.source.path).toBe('one/lcp.toml');
    expect(await call(opened, 'lcod://x/a@1')).toBe('lcod://x/b@1.5.0');
    expect(await call(opened, 'lcod://x/z@1')).toBe('lcod://x/y@3.1.0');
    expect(await call(opened, 'lcod://contract/shop/pay@1')).toBe('lcod://x/b@1.5.0');
  });
});

const listFiles = (...lines: readonly object[]) => ({
  'sources.json': SOURCE({ type: 'file', path: 'list.jsonl' }),
  'list.jsonl': LIST(...lines),
});

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['nothing lists it', project('lcod://x/a@1'), ['COMP226 lcp.toml:7']],
  [
    'no version fits',
    { ...project('lcod://x/a@3'), ...listFiles(listed('a', 'lcod://x/a@1.0.0')) },
    ['COMP230 lcp.toml:7'],
  ],
  [
    'a replacement with a range that is none',
    {
      ...project('lcod://x/a@3'),
      'resolve.config.json': '{"replace": {"lcod://x/a": "lcod://x/b@banana"}}',
    },
    ['COMP231 lcp.toml:7'],
  ],
  [
    'replacements in a circle',
    {
      ...project('lcod://x/a@3'),
      'resolve.config.json':
        '{"replace": {"lcod://x/a": "lcod://x/b", "lcod://x/b": "lcod://x/a"}}',
    },
    ['COMP236 lcp.toml:7'],
  ],
  [
    'components that require each other',
    {
      ...project('lcod://x/a@1'),
      ...listFiles(listed('a', 'lcod://x/a@1.0.0'), listed('b', 'lcod://x/b@1.0.0')),
      ...component('a', 'lcod://x/a@1.0.0', 'lcod://x/b@1'),
      ...component('b', 'lcod://x/b@1.0.0', 'lcod://x/a@1'),
    },
    ['COMP237 b/lcp.toml:7'],
  ],
  [
    'lines that are not understood',
    {
      ...project(),
      ...listFiles({ type: 'component', id: 'x' }, { type: 'lists' }, { type: 'list' }),
    },
    ['COMP232 list.jsonl:2', 'COMP232 list.jsonl:3', 'COMP232 list.jsonl:4'],
  ],
  [
    'a list that is cut off',
    { ...project(), ...listFiles(), 'list.jsonl': `${LIST()}\n{"type":"comp` },
    ['COMP232 list.jsonl:2'],
  ],
  [
    'a source that is no list',
    { ...project(), ...listFiles(), 'list.jsonl': '{"components": 3}' },
    ['COMP202 list.jsonl:1'],
  ],
  [
    'a source that is missing',
    { ...project(), 'sources.json': SOURCE({ type: 'file', path: 'none.jsonl' }) },
    ['COMP234'],
  ],
  [
    'a source outside of the project',
    { ...project(), 'sources.json': SOURCE({ type: 'file', path: '../../etc/passwd' }) },
    ['COMP234'],
  ],
  [
    'a git source',
    { ...project(), 'sources.json': SOURCE({ type: 'git', url: 'x' }) },
    ['COMP234'],
  ],
  [
    'a list of sources of another form',
    { ...project(), 'sources.json': '{"sources": [{"id": "x", "priority": 5000}]}' },
    ['COMP202 sources.json:1', 'COMP202 sources.json:1'],
  ],
  [
    'a configuration with an unknown key',
    { ...project(), 'resolve.config.json': '{"mirror": {}}' },
    ['COMP203 resolve.config.json:1'],
  ],
  [
    'a component that is another one',
    {
      ...project('lcod://x/a@1'),
      ...listFiles(listed('b', 'lcod://x/a@1.0.0')),
      ...component('b', 'lcod://x/b@1.0.0'),
    },
    ['COMP234 lcp.toml:7'],
  ],
  [
    'a component that is outside of the project',
    {
      ...project('lcod://x/a@1'),
      'resolve.config.json': '{"sources": {"lcod://x/a": {"type": "path", "path": "../a"}}}',
    },
    ['COMP234 lcp.toml:7'],
  ],
])('%s: nothing is locked, and the place is told', async (_, files, expected) => {
  const found = await problems(files);
  expect(found.map((one, i) => one.slice(0, expected[i]?.length))).toEqual(expected);
});

test('a cache that a link leads out of is not written', async () => {
  const files = {
    ...project('lcod://x/a@1'),
    ...listFiles(listed('a', 'lcod://x/a@1.0.0')),
    ...component('a', 'lcod://x/a@1.0.0'),
  };
  await withProject({}, async (outside) => {
    await withProject(files, async (folder) => {
      await symlink(outside, join(folder, '.lcod'));
      const { lock, diagnostics } = await (await openProject(folder)).resolve({ host });
      expect([lock, diagnostics.map(({ code }) => code)]).toEqual([undefined, ['COMP212']]);
      expect(await readdir(outside)).toEqual([]);
    });
  });
});

test('web sources need a grant, and answers', async () => {
  const files = {
    ...project(),
    'sources.json': SOURCE({ type: 'http', url: `${origin}/none.jsonl` }),
  };
  expect(await problems(files)).toEqual([
    `COMP234 ${origin}/none.jsonl cannot be fetched: the server answers 404.`,
  ]);
  await withProject(files, async (folder) => {
    const { diagnostics } = await (await openProject(folder)).resolve({ host: closedHost() });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      `${origin}/none.jsonl cannot be fetched: the host grants no http.`,
    ]);
  });
});

test('a lock stays as it was where a resolution fails', async () => {
  await withProject(
    { ...project('lcod://x/a@1'), 'lcp.lock': 'schemaVersion = "1.0"\n' },
    async (folder) => {
      const { lock } = await (await openProject(folder)).resolve({ host });
      expect(lock).toBeUndefined();
      expect(await readFile(join(folder, 'lcp.lock'), 'utf8')).toBe('schemaVersion = "1.0"\n');
    },
  );
});
