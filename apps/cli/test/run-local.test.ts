// flows run local: what it runs, prints and refuses.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { moduleText } from './testing/flow-text.js';
import { codesOf, documentOf, runFlows, withFolder, type RunOptions } from './testing/run-flows.js';

const run = (args: readonly string[], options?: RunOptions) =>
  runFlows(['run', 'local', ...args], options);

test('the result on stdout, the summary on stderr', async () => {
  const { status, stdout, stderr } = await run(['s1_echo', '--payload', '{"text":" Hello "}']);
  expect([status, stdout]).toEqual([0, '{\n  "text": "hello"\n}\n']);
  expect(stderr.replace(/[\d.]+ ms/g, 'T')).toBe(
    'T\n  trigger    1 x T\n  normalize  1 x T\n  respond    1 x T\n',
  );
});

test('--json is one document of a fixed shape', async () => {
  const outcome = await run(['s1_echo', '--payload', '{"text":"A"}', '--json']);
  const node = (alias: string) => ({ alias, invocations: 1, avg_ms: expect.any(Number) });
  expect([outcome.status, outcome.stderr, documentOf(outcome)]).toEqual([
    0,
    '',
    {
      flow: 's1_echo',
      result: { text: 'a' },
      summary: {
        duration_ms: expect.any(Number),
        nodes: [node('trigger'), node('normalize'), node('respond')],
        errors: [],
      },
    },
  ]);
});

test('--json of an execution that fails says why in the same document', async () => {
  const outcome = await run(['s4_preflight', '--payload', '{"key":"a"}', '--json']);
  expect([outcome.status, outcome.stderr, codesOf(outcome)]).toEqual([1, '', ['CAP101']]);
  expect(documentOf(outcome)).toMatchObject({
    flow: 's4_preflight_flow',
    result: null,
    status: 'failed',
    summary: { nodes: [], errors: [] },
  });
});

test('payloads from a file and from stdin, and --example for FLOW', async () => {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'p.json'), '\ufeff{"text":" B "}');
    const input = '{"text":" B "}';
    const outcomes = await Promise.all([
      run(['s1_echo', '--payload-file', 'p.json'], { cwd }),
      run(['s1_echo', '--payload-file', '-'], { cwd, input }),
      run(['s1_echo', '--payload-file=-'], { cwd, input }),
      run(['--example', 's1_echo', '--payload', input], { cwd }),
      run(['--payload', input], { cwd }),
    ]);
    for (const { status, stdout } of outcomes) {
      expect([status, stdout]).toEqual([0, '{\n  "text": "b"\n}\n']);
    }
  });
});

test('bad payloads', async () => {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'latin1.json'), Uint8Array.of(0x22, 0xe4, 0x22));
    const cases: readonly (readonly [readonly string[], string, RegExp])[] = [
      [
        ['--payload', '{id:1}'],
        'CLI005',
        /^error CLI005: The payload from --payload is not valid JSON: /,
      ],
      [
        ['--payload', ''],
        'CLI005',
        /^error CLI005: The payload from --payload is not valid JSON: /,
      ],
      [
        ['--payload-file', 'gone.json'],
        'CLI007',
        /^error CLI007: gone\.json cannot be read: there is no such file\.\n {2}at gone\.json\n/,
      ],
      [['--payload-file', '.'], 'CLI007', /^error CLI007: \. cannot be read: it is a folder\./],
      [
        ['--payload-file', 'latin1.json'],
        'CLI007',
        /^error CLI007: latin1\.json cannot be read: it is not UTF-8 text\./,
      ],
      [
        ['--payload-file', '-'],
        'CLI005',
        /^error CLI005: The payload from stdin is not valid JSON: /,
      ],
      [['--payload', '{"text":1}'], 'RUN116', /^error RUN116: /],
      [['--payload', '[]'], 'RUN116', /^error RUN116: /],
      [['--payload', '{"__proto__":{"text":"x"}}'], 'RUN116', /^error RUN11[67]: /],
    ];
    for (const [flags, code, text] of cases) {
      const plain = await run(['s1_echo', ...flags], { cwd, input: '{' });
      expect([flags, plain.status, plain.stdout]).toEqual([flags, 1, '']);
      expect(plain.stderr).toMatch(text);
      const json = await run(['s1_echo', ...flags, '--json'], { cwd, input: '{' });
      expect([flags, json.status, json.stderr]).toEqual([flags, 1, '']);
      expect([flags, ...codesOf(json)]).toEqual([
        flags,
        expect.stringMatching(code === 'RUN116' ? /RUN11[67]/ : code),
      ]);
    }
  });
});

test('a shipped flow that fails without a payload is shown one', async () => {
  const { status, stderr } = await run(['s1_echo']);
  expect([status, stderr.trimEnd().split('\n').at(-1)]).toEqual([
    1,
    `A payload for it: --payload '{"text":"  Hello, World  "}'`,
  ]);
});

test('--stream prints each item as one line', async () => {
  const { status, stdout } = await run([
    's5_rate_limit',
    '--payload',
    '{"count":3}',
    '--stream',
    '--deterministic',
  ]);
  expect([status, stdout]).toEqual([
    0,
    '{"n":0,"at_ms":0}\n{"n":1,"at_ms":0}\n{"n":2,"at_ms":200}\n',
  ]);
});

test('a deadline pre-empts a stream', async () => {
  const { status, stdout, stderr } = await run([
    's2_site',
    '--stream',
    '--deadline-ms',
    '300',
    '--deterministic',
  ]);
  expect([status, stdout.split('\n').length - 1]).toEqual([1, 3]);
  expect(stderr).toMatch(/^error TIME015: The execution took longer than its limit of 300 ms\./);
});

test('--bind, on disk too: what one execution wrote the next one finds', async () => {
  await withFolder(async (cwd) => {
    const text = moduleText(
      `async ({ n }, { capabilities: { kv } }) => {
        const before = await kv.get('n');
        await kv.put('n', new TextEncoder().encode(String(n)));
        return before === undefined ? null : new TextDecoder().decode(before);
      }`,
      {
        options:
          "uses: ['resource::kv::read', 'resource::kv::write'], effects: 'effectful', determinism: 'best_effort', idempotency: { key: '/n', scope: 'node', ttlMs: 300_000 },",
      },
    )
      .replace('output: t.Opaque() });', 'output: t.Object({ n: t.Integer() }) });')
      .replace('input: t.Opaque()', 'input: t.Object({ n: t.Integer() })')
      .replace('f.inline', 'f.activity');
    await writeFile(join(cwd, 'flow.ts'), text);
    const once = (n: number) =>
      run(['--bind', 'kv=disk:store', 'flow.ts', '--payload', `{"n":${n}}`], { cwd });
    const [first, second] = [await once(1), await once(2)];
    expect([first.status, first.stdout, second.status, second.stdout]).toEqual([
      0,
      'null\n',
      0,
      '"1"\n',
    ]);
    expect((await readdir(cwd)).sort()).toEqual(['flow.ts', 'store']);
  });
});

test('real data through a file system that is bound', async () => {
  const data = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '../data');
  const args = [
    'etl_weather',
    '--bind',
    `fs=disk:${data}`,
    '--payload',
    '{"file":"seattle-weather.csv"}',
  ];
  const { status, stdout } = await run([...args, '--stream']);
  expect([status, stdout.split('\n').length - 1]).toEqual([0, 50]);
});

test('--burst runs many at once and adds them up', async () => {
  const outcome = await run(['s1_echo', '--payload', '{"text":"A"}', '--burst', '50', '--json']);
  const { result, summary } = documentOf(outcome) as {
    result: unknown;
    summary: { nodes: { invocations: number }[] };
  };
  expect([outcome.status, result, summary.nodes.map(({ invocations }) => invocations)]).toEqual([
    0,
    { text: 'a' },
    [50, 50, 50],
  ]);
  const unbound = await run(['s4_preflight', '--payload', '{"key":"a"}', '--burst', '3']);
  expect([unbound.status, unbound.stderr.match(/error CAP101/g)?.length]).toEqual([1, 1]);
});

test('--deterministic with one seed gives one trace, byte for byte', async () => {
  await withFolder(async (cwd) => {
    const text = moduleText('(_, { random, clock }) => ({ r: random.next(), at: clock.now() })', {
      options:
        "uses: ['resource::rng', 'resource::clock'], effects: 'read_only', determinism: 'best_effort',",
    });
    await writeFile(join(cwd, 'flow.ts'), text);
    const once = async (seed: string, trace: string) => {
      const { stdout } = await run(
        ['flow.ts', '--deterministic', '--seed', seed, '--trace', trace],
        { cwd },
      );
      return [stdout, await readFile(join(cwd, trace), 'utf8')];
    };
    const [a, b, c] = [
      await once('7', 'a.json'),
      await once('7', 'b.json'),
      await once('8', 'c.json'),
    ];
    expect(b).toEqual(a);
    expect(c[0]).not.toBe(a[0]);
    expect(
      Array.isArray(
        (JSON.parse(a[1]!) as { traceEvents: unknown[] }).traceEvents ?? JSON.parse(a[1]!),
      ),
    ).toBe(true);
    expect((await readdir(cwd)).sort()).toEqual(['a.json', 'b.json', 'c.json', 'flow.ts']);
  });
});

test('a trace that cannot be written leaves nothing behind', async () => {
  await withFolder(async (cwd) => {
    const outcome = await run(
      ['s1_echo', '--payload', '{"text":"A"}', '--trace', 'no/such/folder.json', '--json'],
      { cwd },
    );
    expect([outcome.status, codesOf(outcome), await readdir(cwd)]).toEqual([1, ['CLI007'], []]);
  });
});

test('--event answers what waits; without it the wait is named', async () => {
  const payload = ['human_approval', '--payload', '{"id":"e-1","amount":500}'];
  const approved = await run([
    ...payload,
    '--event',
    'approval:e-1={"approved":true,"by":"ann"}',
    '--json',
  ]);
  expect([approved.status, documentOf(approved)['result']]).toEqual([
    0,
    { id: 'e-1', status: 'approved', by: 'ann' },
  ]);
  const unanswered = await run([
    ...payload,
    '--event',
    'approval:e-2={"approved":true,"by":"ann"}',
    '--json',
  ]);
  expect([unanswered.status, codesOf(unanswered)]).toEqual([1, ['CLI009']]);
});

test('a document has no handlers to run', async () => {
  const { stdout: input } = await runFlows(['graph', 'check', 's1_echo', '--pretty-json']);
  const { status, stderr } = await run(['-', '--payload', '{"text":"A"}'], { input });
  expect([status, stderr.split('\n')[0]]).toEqual([
    1,
    'error CLI006: - is a Flow IR document: its nodes name handlers (s1_echo::trigger, s1_echo::normalize, s1_echo::respond) but hold no code.',
  ]);
});

test('a flow with findings is not run', async () => {
  await withFolder(async (cwd) => {
    await writeFile(
      join(cwd, 'flow.ts'),
      moduleText('() => Math.random()', { options: "determinism: 'strict', effects: 'pure'," }),
    );
    const outcome = await run(['flow.ts', '--json'], { cwd });
    expect([
      outcome.status,
      documentOf(outcome)['status'],
      'summary' in documentOf(outcome),
    ]).toEqual([1, 'failed', false]);
  });
});
