import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { closedHost } from '../host/compose-host.js';
import { standardRegistry } from '../run/standard-registry.js';
import { withGrantedFolder } from '../testing/run-contract.js';
import { DEMO_IMPLEMENTATIONS } from '../demo/demo-implementations.js';
import { diffRuns } from './diff-runs.js';
import { junitReport } from './junit-report.js';
import { findFixtures, runSuite, type FixtureResult } from './run-suite.js';

const checked = (expected: string) => `compose:
  - call: lcod://tooling/test_checker@1
    in:
      compose: [{call: lcod://impl/echo@1, in: {value: 1}, out: {v: val}}]
      expected: ${expected}
    out: {report: $}
`;

const FIXTURES: Readonly<Record<string, string>> = {
  'b/good': checked('{v: 1}'),
  'a/wrong': checked('{v: 2}'),
  silent: 'compose: []',
  broken: 'compose: 3',
  failing: 'compose: [{call: lcod://impl/fail@1, in: {message: "<no>"}}]',
  slow: 'compose: [{call: lcod://impl/delay@1, in: {ms: 600000}}]',
  files: `compose:
  - call: lcod://contract/core/fs/list-dir@1
    in: {path: .}
    out: {entries: entries}
  - call: lcod://contract/core/array/length@1
    in: {items: $.entries}
    out: {n: length}
  - call: lcod://impl/set@1
    in: {success: true, n: $.n}
    out: {report: $}
`,
};

async function results(folder: string, timeoutMs = 60_000): Promise<readonly FixtureResult[]> {
  const registry = standardRegistry();
  for (const component of DEMO_IMPLEMENTATIONS) registry.register(component);
  return runSuite(await findFixtures(folder), {
    registry,
    timeoutMs,
    hostOf: (own) => ({ ...closedHost(own), readRoots: [own] }),
  });
}

async function withFixtures(use: (folder: string) => Promise<void>, names?: readonly string[]) {
  await withGrantedFolder(async (_host, folder) => {
    for (const name of names ?? Object.keys(FIXTURES)) {
      const file = join(folder, name, 'compose.yaml');
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, FIXTURES[name]!);
    }
    await use(folder);
  });
}

test('each fixture is judged by its report', () =>
  withFixtures(
    async (folder) => {
      const found = await results(folder);
      expect(found.map(({ name, status, problems }) => [name, status, ...problems])).toEqual([
        ['a/wrong', 'failed', '$.v is not what is expected.'],
        ['b/good', 'passed'],
        [
          'broken',
          'failed',
          'COMP002: The compose needs a list of steps under the key compose; there is a number. (line 1)',
        ],
        ['failing', 'failed', 'demo_failure: <no> (lcod://impl/fail@1 at /compose/0)'],
        ['files', 'passed'],
        [
          'silent',
          'failed',
          'COMP119: The compose leaves no report: its last state needs report, with success true or false.',
        ],
      ]);
      expect(found[4]!.report).toEqual({ success: true, n: 1 });
    },
    Object.keys(FIXTURES).filter((name) => name !== 'slow'),
  ));

test('a fixture that does not end is ended', () =>
  withFixtures(
    async (folder) => {
      const [slow] = await results(folder, 30);
      expect(slow).toMatchObject({
        status: 'failed',
        problems: [expect.stringMatching(/^COMP109: /)],
      });
    },
    ['slow'],
  ));

test('a file stands for itself, and an empty folder for nothing', () =>
  withFixtures(
    async (folder) => {
      expect(await results(join(folder, 'b/good/compose.yaml'))).toMatchObject([{ name: 'good' }]);
      await mkdir(join(folder, 'empty'));
      await expect(findFixtures(join(folder, 'empty'))).rejects.toThrow('COMP120');
    },
    ['b/good'],
  ));

test('JUnit has a case for each fixture, and texts that XML can hold', () =>
  withFixtures(
    async (folder) => {
      const xml = junitReport('suite "1"', await results(folder));
      expect(xml.replace(/time="[\d.]+"/g, 'time="0"')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="suite &quot;1&quot;" tests="2" failures="1" time="0">
  <testsuite name="suite &quot;1&quot;" tests="2" failures="1" time="0">
    <testcase name="b/good" classname="compose" time="0"/>
    <testcase name="failing" classname="compose" time="0">
      <failure message="demo_failure: &lt;no&gt; (lcod://impl/fail@1 at /compose/0)">demo_failure: &lt;no&gt; (lcod://impl/fail@1 at /compose/0)</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
    },
    ['b/good', 'failing'],
  ));

test('two runs are compared without what differs from run to run', () => {
  const result = (name: string, report: object, status: 'passed' | 'failed' = 'passed') =>
    ({ name, status, duration_ms: 1, report, problems: [] }) as unknown as FixtureResult;
  const before = [
    result('same', { a: 1, durationMs: 3, messages: [] }),
    result('gone', {}),
    result('worse', {}),
    result('other', { a: [1, 2], b: 1 }),
  ];
  const after = [
    result('other', { a: [1, 3], c: 1 }),
    result('same', { durationMs: 9, a: 1 }),
    result('worse', {}, 'failed'),
  ];
  expect(diffRuns(before, before)).toEqual([]);
  expect(diffRuns(before, after)).toEqual([
    { name: 'gone', kind: 'missing', details: [{ path: '$', actual: null, expected: 'passed' }] },
    {
      name: 'other',
      kind: 'report',
      details: [
        { path: '$.a.1', actual: 3, expected: 2 },
        { path: '$.b', actual: null, expected: 1 },
        { path: '$.c', actual: 1, expected: null },
      ],
    },
    {
      name: 'worse',
      kind: 'status',
      details: [{ path: '$.status', actual: 'failed', expected: 'passed' }],
    },
  ]);
});
