// flows entrypoints check, flows bindings lock generate, and running with what was locked.
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { moduleText } from './testing/flow-text.js';
import { codesOf, documentOf, runFlows, withFolder } from './testing/run-flows.js';

const GENERATE = ['bindings', 'lock', 'generate'];

describe('entrypoints check', () => {
  test('says OK', async () => {
    const args = ['entrypoints', 'check', 's4_preflight', '--capture-alias', 'lookup'];
    expect(await runFlows(args)).toEqual({ status: 0, stdout: 'OK\n', stderr: '' });
  });

  test('says what is wrong with each alias, and what there is', async () => {
    const args = [
      'entrypoints',
      'check',
      's1_echo',
      '--trigger-alias',
      'respond',
      '--capture-alias',
      'gone',
    ];
    const { status, stdout, stderr } = await runFlows(args);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.split('\n').filter((line) => /^error|^\d/.test(line))).toEqual([
      'error CLI010: The trigger alias respond is not a trigger; there is: trigger.',
      'error CLI010: The capture alias gone does not exist; there is: normalize, respond.',
      '2 errors',
    ]);
  });
});

describe('bindings lock generate', () => {
  test('writes the same bytes every time', async () => {
    await withFolder(async (cwd) => {
      const run = (out: string) =>
        runFlows([...GENERATE, 's6_spill', '--bind', 'blob=memory', '--out', out], { cwd });
      expect(await run('a/lock.json')).toEqual({ status: 0, stdout: '', stderr: '' });
      await run('b.json');
      const [a, b, printed] = [
        await readFile(join(cwd, 'a/lock.json'), 'utf8'),
        await readFile(join(cwd, 'b.json'), 'utf8'),
        (await run('-')).stdout,
      ];
      expect([b, printed]).toEqual([a, a]);
      expect(JSON.parse(a)).toMatchObject({
        version: 1,
        generated_at: '1970-01-01T00:00:00Z',
        content_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        flows: { '46d6e4de-06d8-549b-99c1-faf7981fc91c': { use: expect.any(Object) } },
      });
    });
  });

  test('by default into bindings.lock.json, which run local takes', async () => {
    await withFolder(async (cwd) => {
      await runFlows([...GENERATE, 's4_preflight', '--bind', 'kv=memory'], { cwd });
      expect(await readdir(cwd)).toEqual(['bindings.lock.json']);
      const args = ['run', 'local', 's4_preflight', '--payload', '{"key":"a"}', '--json'];
      const locked = await runFlows([...args, '--bindings-lock', 'bindings.lock.json'], { cwd });
      expect([locked.status, documentOf(locked)['result']]).toEqual([
        0,
        { key: 'a', found: false, value: '' },
      ]);

      const text = await readFile(join(cwd, 'bindings.lock.json'), 'utf8');
      await writeFile(join(cwd, 'tampered.json'), text.replace('"kv.memory"', '"kv.disk"'));
      const tampered = await runFlows([...args, '--bindings-lock', 'tampered.json'], { cwd });
      expect([tampered.status, codesOf(tampered)]).toEqual([1, ['BIND012', 'BIND005']]);

      const other = ['run', 'local', 's6_spill', '--json', '--bindings-lock', 'bindings.lock.json'];
      const foreign = await runFlows(other, { cwd });
      expect([foreign.status, codesOf(foreign)]).toEqual([1, ['BIND014']]);
    });
  });

  test('--generated-at is recorded and must be a time', async () => {
    const at = '2026-02-03T04:05:06Z';
    const args = [...GENERATE, 's4_preflight', '--bind', 'kv=memory', '--out', '-'];
    const { stdout } = await runFlows([...args, '--generated-at', at]);
    expect((JSON.parse(stdout) as { generated_at: string }).generated_at).toBe(at);
    for (const time of ['yesterday', '2026-02-03', '2026-13-03T00:00:00Z']) {
      expect(await runFlows([...args, '--generated-at', time])).toEqual({
        status: 2,
        stdout: '',
        stderr: `error: --generated-at takes an RFC 3339 time; it is ${time}.
Such as 2026-01-31T12:00:00Z.
`,
      });
    }
  });

  test.each([
    ['a hint that nothing serves', ['--bind', 'vk=memory'], 'BIND002'],
    ['a provider that does not exist', ['--bind', 'kv=mmory'], 'BIND003'],
    ['a text that is no binding', ['--bind', 'kv'], 'BIND001'],
  ])('refuses %s', async (_name, flags, code) => {
    await withFolder(async (cwd) => {
      const { status, stderr } = await runFlows([...GENERATE, 's4_preflight', ...flags], { cwd });
      expect([status, stderr.split(':')[0], await readdir(cwd)]).toEqual([1, `error ${code}`, []]);
    });
  });

  test('a place that cannot be written', async () => {
    await withFolder(async (cwd) => {
      await mkdir(join(cwd, 'taken'));
      const args = [...GENERATE, 's4_preflight', '--bind', 'kv=memory', '--out', 'taken'];
      const { status, stderr } = await runFlows(args, { cwd });
      expect([status, stderr.split('\n')[0]]).toEqual([
        1,
        'error CLI007: taken cannot be written: it is a folder.',
      ]);
      expect(await readdir(cwd)).toEqual(['taken']);
    });
  });
});

test('a flow reaches a server through the built command', async () => {
  const server = createServer((_request, response) => response.end('from afar'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const run = `async (_input, { capabilities }) => {
      const { body } = await capabilities.httpRead.send({ method: 'GET', url: '${url}' });
      return new TextDecoder().decode(body);
    }`;
  const options =
    "uses: ['resource::http::read'], effects: 'read_only', determinism: 'best_effort',";
  try {
    await withFolder(async (cwd) => {
      await writeFile(join(cwd, 'flow.ts'), moduleText(run, { options }));
      const bound = ['--bind', `http::read=undici:127.0.0.1:${port},+private`];
      const outcome = await runFlows(['run', 'local', 'flow.ts', ...bound], { cwd });
      expect([outcome.status, outcome.stdout]).toEqual([0, '"from afar"\n']);
    });
  } finally {
    server.close();
  }
});
