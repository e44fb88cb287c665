// flows init makes a project that works at once; flows doctor says what is missing.
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DIST, documentOf, runFlows, withFolder } from './testing/run-flows.js';

const FILES = [
  '.gitignore',
  'README.md',
  'flow.test.mjs',
  'flow.ts',
  'package.json',
  'tsconfig.json',
];

describe('init', () => {
  test('a new project passes its own tests at once', async () => {
    await withFolder(async (cwd) => {
      const made = await runFlows(['init', 'My Flows'], { cwd });
      expect([made.status, made.stdout]).toEqual([0, "cd 'My Flows' && npm test\n"]);
      const project = join(cwd, 'My Flows');
      expect((await readdir(project)).sort()).toEqual([...FILES, 'node_modules'].sort());
      const { name } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as {
        name: string;
      };
      expect(name).toBe('my-flows');
      const { stdout } = await promisify(execFile)('npm', ['test'], { cwd: project });
      expect(stdout).toMatch(/^# pass 2$/m);
      expect(stdout).toMatch(/^# fail 0$/m);
      const started = await promisify(execFile)('npm', ['start', '--silent'], { cwd: project });
      expect(started.stdout).toBe('{\n  "text": "Hello, Ada!"\n}\n');
    });
  });

  test('into this folder when it is empty', async () => {
    await withFolder(async (cwd) => {
      const made = await runFlows(['init'], { cwd });
      expect([made.status, made.stdout]).toEqual([0, 'npm test\n']);
      expect((await readdir(cwd)).sort()).toEqual([...FILES, 'node_modules'].sort());
    });
  });

  test('never over what is there', async () => {
    await withFolder(async (cwd) => {
      await mkdir(join(cwd, 'full'));
      await writeFile(join(cwd, 'full/mine.txt'), 'kept');
      await writeFile(join(cwd, 'file'), 'kept');
      for (const dir of ['full', 'file', '.']) {
        const { status, stdout, stderr } = await runFlows(['init', dir], { cwd });
        expect([dir, status, stdout, stderr.split(':')[0]]).toEqual([dir, 1, '', 'error CLI008']);
      }
      expect((await readdir(cwd)).sort()).toEqual(['file', 'full']);
      expect(await readdir(join(cwd, 'full'))).toEqual(['mine.txt']);
    });
  });

  test('below a file it says what is in the way', async () => {
    await withFolder(async (cwd) => {
      await writeFile(join(cwd, 'file'), 'kept');
      const { status, stderr } = await runFlows(['init', 'file/project'], { cwd });
      expect([status, stderr.split('\n')[0]]).toEqual([
        1,
        'error CLI007: file/project cannot be written: a part of the path is a file, not a folder.',
      ]);
    });
  });
});

describe('doctor', () => {
  test('all is there', async () => {
    const [plain, json] = await Promise.all([runFlows(['doctor']), runFlows(['doctor', '--json'])]);
    const { status, findings } = documentOf(json) as {
      status: string;
      findings: { name: string; version: string; ok: boolean }[];
    };
    expect([plain.status, json.status, status, plain.stderr + json.stderr]).toEqual([
      0,
      0,
      'ok',
      '',
    ]);
    expect(findings.map(({ name, ok }) => [name, ok])).toEqual([
      ['node', true],
      ['esbuild', true],
      ['lmdb', true],
      ['elkjs', true],
    ]);
    for (const { version } of findings) expect(version).toMatch(/^\d+\.\d+\.\d+/);
    const [needed = ''] = plain.stdout.split('\n\n');
    expect(needed.split('\n').map((line) => line.split(/ +/).slice(0, 3))).toEqual(
      findings.map(({ name, version }) => ['ok', name, version]),
    );
  });

  test('servers that are there or not are no fault, and what they enable is said', async () => {
    await withFolder(async (folder) => {
      const program = '#!/bin/sh\necho "Redis server v=7.0.15 sha=0"\n';
      await writeFile(join(folder, 'redis-server'), program, { mode: 0o755 });
      const env = { PATH: folder };
      const [plain, json] = await Promise.all([
        runFlows(['doctor'], { env }),
        runFlows(['doctor', '--json'], { env }),
      ]);
      const { services } = documentOf(json) as { services: { name: string; version: unknown }[] };
      expect([plain.status, services.map(({ name, version }) => [name, version])]).toEqual([
        0,
        [
          ['redis-server', '7.0.15'],
          ['restate-server', null],
        ],
      ]);
      expect(plain.stdout).toMatch(/^ok {7}redis-server +7\.0\.15 +queues and journals/m);
      expect(plain.stdout).toMatch(/^absent {3}restate-server .*\n +install it with: npm install/m);
    });
  });

  test('without its packages: exit 3, each named with the command that installs it', async () => {
    await withFolder(async (folder) => {
      await cp(DIST, join(folder, 'dist'), { recursive: true });
      const main = join(folder, 'dist/main.js');
      const [plain, json, module, svg, disk, echo] = await Promise.all([
        runFlows(['doctor'], { main }),
        runFlows(['doctor', '--json'], { main }),
        runFlows(['graph', 'check', 'dist/examples/s1_echo.mjs'], { main, cwd: folder }),
        runFlows(['graph', 'check', 's1_echo', '--svg', 'x.svg', '--json'], { main, cwd: folder }),
        runFlows(
          ['run', 'local', 's4_preflight', '--bind', 'kv=disk:x', '--payload', '{"key":"a"}'],
          { main, cwd: folder },
        ),
        runFlows(['run', 'local', 's1_echo', '--payload', '{"text":"A"}'], { main }),
      ]);
      expect([plain.status, json.status, documentOf(json)['status']]).toEqual([3, 3, 'missing']);
      for (const name of ['esbuild', 'lmdb', 'elkjs']) {
        expect(plain.stdout).toMatch(
          new RegExp(`^missing {2}${name} .*\\n +install it with: npm install ${name}$`, 'm'),
        );
      }
      expect([module.status, module.stderr]).toEqual([
        3,
        'error: Flow modules need esbuild, which is not installed.\nInstall it with: npm install esbuild\n',
      ]);
      expect([svg.status, documentOf(svg)]).toEqual([
        3,
        {
          status: 'failed',
          error: 'This needs the package elkjs, which is not installed.',
          help: 'Install it with: npm install elkjs',
        },
      ]);
      expect([disk.status, disk.stderr]).toEqual([
        3,
        'error: This needs the package lmdb, which is not installed.\nInstall it with: npm install lmdb\n',
      ]);
      expect(echo.status).toBe(0);
    });
  });

  test('a package that is installed but does not load is missing', async () => {
    await withFolder(async (folder) => {
      await cp(DIST, join(folder, 'dist'), { recursive: true });
      const broken = join(folder, 'node_modules/lmdb');
      await mkdir(broken, { recursive: true });
      await writeFile(
        join(broken, 'package.json'),
        '{"name":"lmdb","version":"9.9.9","main":"x.js"}',
      );
      await writeFile(join(broken, 'x.js'), "throw new Error('wrong processor');\n");
      const json = await runFlows(['doctor', '--json'], { main: join(folder, 'dist/main.js') });
      const { findings } = documentOf(json) as { findings: { name: string }[] };
      expect([json.status, findings.find(({ name }) => name === 'lmdb')]).toMatchObject([
        3,
        { version: '9.9.9', ok: false },
      ]);
    });
  });
});

test('a fault of the program itself is reported as such, in one document', async () => {
  await withFolder(async (folder) => {
    await cp(DIST, join(folder, 'dist'), { recursive: true });
    await writeFile(join(folder, 'dist/examples/catalogue.json'), '{');
    const outcome = await runFlows(['examples', '--json'], { main: join(folder, 'dist/main.js') });
    const { status, error, help } = documentOf(outcome);
    expect([outcome.status, status, help]).toEqual([
      1,
      'failed',
      'Please report it, with what you typed.',
    ]);
    expect(error).toMatch(/^A fault of flows itself\. /);
  });
});
