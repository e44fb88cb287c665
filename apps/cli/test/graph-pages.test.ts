// flows graph explain, show and diff, and flows examples.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codesOf, DIST, documentOf, runFlows, withFolder } from './testing/run-flows.js';

test('graph explain prints the page of a code, in any case', async () => {
  const page = await runFlows(['graph', 'explain', 'dag200']);
  expect(page).toEqual({
    status: 0,
    stderr: '',
    stdout: `DAG200: The graph has a cycle
error, validation

  The nodes {cycle} form a cycle.

Why it matters. A message on a cycle could travel for ever; only a loop surface, which has a bound, may close one.

How to fix it. Remove one of the edges, or declare a loop surface whose body_entry is the node that the cycle returns to.

Example. Edges \`a -> b\` and \`b -> a\` without a loop surface.
`,
  });
  const json = documentOf(await runFlows(['graph', 'explain', 'DAG200', '--json']));
  expect(Object.keys(json).sort()).toEqual(
    [
      'area',
      'code',
      'example',
      'fix',
      'severity',
      'subsystem',
      'summary',
      'template',
      'why',
    ].sort(),
  );
  expect(page.stdout).toContain(json['why'] as string);
});

test('graph explain with --json says in one document that there is no such code', async () => {
  const outcome = await runFlows(['graph', 'explain', 'ZZZ999', '--json']);
  expect([outcome.status, documentOf(outcome)]).toEqual([
    2,
    {
      status: 'failed',
      error: 'There is no diagnostic ZZZ999.',
      help: 'docs/reference/diagnostics lists them all.',
    },
  ]);
});

test('graph show', async () => {
  expect(await runFlows(['graph', 'show', 's1_echo'])).toEqual({
    status: 0,
    stderr: '',
    stdout: `s1_echo 1.0.0 (web): 3 nodes, 2 edges, 0 control surfaces
Trim and lower-case a text

trigger
  trigger, read_only, strict, POST /echo
  -> normalize

normalize
  inline, pure, strict
  -> respond

respond
  inline, pure, strict
`,
  });
  const bad = await runFlows(['graph', 'show', '-'], { input: '{}' });
  expect([bad.status, bad.stdout]).toEqual([1, '']);
  expect(bad.stderr).toMatch(/^error DOC010: /);
});

describe('graph diff', () => {
  async function diff(edit: (text: string) => string, ...flags: string[]) {
    return withFolder(async (cwd) => {
      const { stdout } = await runFlows(['graph', 'check', 's1_echo', '--pretty-json']);
      await writeFile(join(cwd, 'old.json'), stdout);
      await writeFile(join(cwd, 'new.json'), edit(stdout));
      return runFlows(['graph', 'diff', 'old.json', 'new.json', ...flags], { cwd });
    });
  }

  test('nothing changed: exit 0', async () => {
    expect(await diff((text) => text)).toEqual({
      status: 0,
      stdout: 'The flows are the same.\n',
      stderr: '',
    });
  });

  test('a change that executions under way can live with: exit 0', async () => {
    const outcome = await diff(
      (text) => text.replace('Trim and lower-case a text', 'Trims'),
      '--json',
    );
    expect([outcome.status, documentOf(outcome)['verdict']]).toEqual([0, 'continue']);
  });

  test('one that they cannot live with: exit 1', async () => {
    const outcome = await diff((text) => text.replaceAll('"normalize"', '"clean"'), '--json');
    expect(outcome.status).toBe(1);
    expect(documentOf(outcome)['verdict']).not.toBe('continue');
    const plain = await diff((text) => text.replaceAll('"normalize"', '"clean"'));
    expect([plain.status, plain.stderr]).toEqual([1, '']);
    expect(plain.stdout).toContain('- node normalize');
  });

  test('a document that is none: the finding, as one document', async () => {
    const outcome = await diff(() => '[', '--json');
    expect([outcome.status, codesOf(outcome)]).toEqual([1, ['DOC004']]);
  });
});

test('examples lists the catalogue of the build', async () => {
  const [plain, json] = await Promise.all([
    runFlows(['examples']),
    runFlows(['examples', '--json']),
  ]);
  const catalogue = JSON.parse(await readFile(join(DIST, 'examples/catalogue.json'), 'utf8')) as {
    name: string;
    summary: string;
  }[];
  expect([json.status, JSON.parse(json.stdout)]).toEqual([0, catalogue]);
  const lines = plain.stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual(
    catalogue.map(({ name, summary }) => [name, summary]),
  );
  expect(catalogue.length).toBeGreaterThanOrEqual(12);
});
