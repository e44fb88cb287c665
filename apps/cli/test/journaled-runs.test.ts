// Journaled runs: what run local --journal keeps, and what runs and replay do with it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { moduleText } from './testing/flow-text.js';
import { BEGUN, BOUND, writeInterruptedFlow } from './testing/interrupted-flow.js';
import { codesOf, documentOf, runFlows, withFolder } from './testing/run-flows.js';
import { PATIENTLY, startHost } from './testing/running-host.js';

const EXPENSE = ['--payload', '{"id":"e-1","amount":500}'];
const APPROVAL = 'approval:e-1={"approved":true,"by":"Ada"}';
const APPROVED = { id: 'e-1', status: 'approved', by: 'Ada' };

const startWaiting = (cwd: string, id = 'exp') =>
  runFlows(
    ['run', 'local', 'human_approval', ...EXPENSE, '--journal', 'runs', '--run-id', id, '--json'],
    { cwd },
  );

interface ShownRun {
  readonly run: { readonly status: string; readonly resumptions: number };
  readonly records: readonly { readonly kind: string; readonly alias?: string }[];
}

async function show(cwd: string, id: string): Promise<ShownRun> {
  const outcome = await runFlows(['runs', 'show', id, '--journal', 'runs', '--json'], { cwd });
  return documentOf(outcome) as unknown as ShownRun;
}

test('a run is kept, listed, shown, replayed and verified', async () => {
  await withFolder(async (cwd) => {
    const args = ['run', 'local', 's1_echo', '--payload', '{"text":" Hello "}', ...PATIENTLY];
    const ran = await runFlows([...args, '--journal', 'runs', '--run-id', 'r-1'], { cwd });
    expect([ran.status, ran.stdout]).toEqual([0, '{\n  "text": "hello"\n}\n']);
    expect(ran.stderr).toMatch(/^Run r-1 \(journal runs\)\n/);
    const list = await runFlows(['runs', 'list', '--journal', 'runs', '--json'], { cwd });
    expect(documentOf(list)).toMatchObject({
      runs: [{ run_id: 'r-1', flow: 's1_echo', status: 'completed', resumptions: 0, owner: null }],
      next: null,
    });
    const { records } = await show(cwd, 'r-1');
    expect(records.map(({ kind, alias }) => [kind, alias])).toEqual([
      ['result', 'trigger'],
      ['result', 'normalize'],
      ['result', 'respond'],
      ['ended', undefined],
    ]);
    const shown = await runFlows(['runs', 'show', 'r-1', '--journal', 'runs'], { cwd });
    expect(shown.stdout).toMatch(/^run {6}r-1\nflow {5}s1_echo 1\.0\.0 .*\nstatus {3}completed\n/);
    expect(shown.stdout).toMatch(/^\+\d+ ms +result +normalize +\{"text":"hello"\}$/m);
    const replayed = await runFlows(['replay', 'r-1', '--journal', 'runs', '--json'], { cwd });
    expect([replayed.status, documentOf(replayed)]).toMatchObject([
      0,
      { run_id: 'r-1', status: 'same', complete: true, diagnostics: [] },
    ]);
    const verified = await runFlows(['runs', 'verify', '--journal', 'runs'], { cwd });
    expect([verified.status, verified.stdout]).toEqual([0, 'Every record is good.\n']);
  });
});

test('a run that waits is no failure, and goes on with the event', async () => {
  await withFolder(async (cwd) => {
    const waits = await startWaiting(cwd);
    expect([waits.status, documentOf(waits)]).toMatchObject([
      0,
      {
        run_id: 'exp',
        status: 'waiting',
        result: null,
        waiting: [{ checkpoint: 'approval', key: 'e-1' }],
      },
    ]);
    const asked = await runFlows(['runs', 'events', 'exp', '--journal', 'runs'], { cwd });
    expect(asked.stdout).toMatch(/^approval:e-1 {2}until \d{4}-.*\n$/);
    const resume = ['runs', 'resume', 'exp', '--journal', 'runs'];
    const other = await runFlows([...resume, '--event', 'approval:e-2=1'], { cwd });
    expect([other.status, other.stdout]).toEqual([0, '']);
    expect(other.stderr).toContain("flows runs resume exp --journal runs --event 'approval:e-1=");
    const done = await runFlows([...resume, '--event', APPROVAL, '--json'], { cwd });
    expect([done.status, documentOf(done)]).toMatchObject([
      0,
      { flow: 'human_approval', run_id: 'exp', status: 'completed', result: APPROVED },
    ]);
    const again = await runFlows([...resume, '--json'], { cwd });
    expect([again.status, codesOf(again)]).toEqual([1, ['JRNL003']]);
  });
});

test('an event that is delivered first is used by the next resume, once', async () => {
  await withFolder(async (cwd) => {
    await startWaiting(cwd);
    const deliver = ['runs', 'events', 'exp', APPROVAL, '--journal', 'runs', '--id', 'mail-1'];
    const first = await runFlows(deliver, { cwd });
    expect([first.status, first.stdout]).toEqual([0, '1 delivered\n']);
    expect(first.stderr).toBe('Go on with: flows runs resume exp --journal runs\n');
    const second = await runFlows(deliver, { cwd });
    expect([second.status, second.stdout]).toEqual([0, '0 delivered, 1 known before\n']);
    const done = await runFlows(['runs', 'resume', 'exp', '--journal', 'runs', '--json'], { cwd });
    expect(documentOf(done)).toMatchObject({ status: 'completed', result: APPROVED });
  });
});

test('an event of run local reaches the run without a second command', async () => {
  await withFolder(async (cwd) => {
    const args = ['run', 'local', 'human_approval', ...EXPENSE, '--journal', 'runs'];
    const outcome = await runFlows([...args, '--event', APPROVAL], { cwd });
    expect([outcome.status, JSON.parse(outcome.stdout)]).toEqual([0, APPROVED]);
  });
});

test('after kill -9 a run goes on, and what was done is not done again', async () => {
  await withFolder(async (cwd) => {
    await writeInterruptedFlow(cwd);
    const args = ['run', 'local', 'flow.ts', '--payload', '{"id":"o"}', ...BOUND];
    const killed = await startHost([...args, '--journal', 'runs', '--run-id', 'r'], BEGUN, cwd);
    const busy = await runFlows(['runs', 'resume', 'r', '--journal', 'runs', '--json', ...BOUND], {
      cwd,
    });
    expect([busy.status, codesOf(busy)]).toEqual([1, ['JRNL004']]);
    expect(await killed.stop('SIGKILL')).toBeNull();
    expect((await show(cwd, 'r')).run.status).toBe('interrupted');
    const resumed = await runFlows(['runs', 'resume', 'r', '--journal', 'runs', ...BOUND], { cwd });
    expect([resumed.status, JSON.parse(resumed.stdout)]).toEqual([0, { count: 1 }]);
    expect((await show(cwd, 'r')).run).toMatchObject({ status: 'completed', resumptions: 1 });
  });
});

test('Ctrl-C interrupts a journaled run, which says how it goes on', async () => {
  await withFolder(async (cwd) => {
    await writeInterruptedFlow(cwd);
    const args = ['run', 'local', 'flow.ts', '--payload', '{"id":"o"}', ...BOUND];
    const run = await startHost([...args, '--journal', 'runs', '--run-id', 'r'], BEGUN, cwd);
    expect(await run.stop('SIGINT')).toBe(130);
    expect(run.said()).toContain('The run r goes on with: flows runs resume r --journal runs\n');
    const resumed = await runFlows(['runs', 'resume', 'r', '--journal', 'runs', ...BOUND], { cwd });
    expect([resumed.status, JSON.parse(resumed.stdout)]).toEqual([0, { count: 1 }]);
  });
});

const summing = (body: string) =>
  moduleText(`(input) => (${body})`, {
    name: 'sum',
    options: "effects: 'pure', determinism: 'strict',",
  });

test('a replay names the first difference; a changed flow is compared too', async () => {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'flow.ts'), summing('{ sum: 1 }'));
    await writeFile(join(cwd, 'other.ts'), summing('{ sum: 2 }'));
    const args = ['run', 'local', 'flow.ts', '--journal', 'runs', '--run-id', 'r'];
    expect((await runFlows(args, { cwd })).status).toBe(0);
    const replay = ['replay', 'r', '--journal', 'runs', '--json'];
    expect((await runFlows(replay, { cwd })).status).toBe(0);
    const changed = await runFlows([...replay, '--against', 'other.ts'], { cwd });
    expect([changed.status, documentOf(changed)]).toMatchObject([
      1,
      {
        status: 'differs',
        divergence: {
          node: 'step',
          where: 'its result',
          expected: { sum: 1 },
          got: { sum: 2 },
        },
        diagnostics: [{ code: 'DUR112' }],
      },
    ]);
    const said = await runFlows(['replay', 'r', '--journal', 'runs', '--against', 'other.ts'], {
      cwd,
    });
    expect(said.stdout).toBe(
      'node      step\nwhere     its result\nexpected  {"sum":1}\ngot       {"sum":2}\n',
    );
  });
});

test('a run whose flow was changed where it has begun is refused', async () => {
  await withFolder(async (cwd) => {
    await writeInterruptedFlow(cwd);
    const args = ['run', 'local', 'flow.ts', '--payload', '{"id":"o"}', ...BOUND];
    const killed = await startHost([...args, '--journal', 'runs', '--run-id', 'r'], BEGUN, cwd);
    await killed.stop('SIGKILL');
    const resume = ['runs', 'resume', 'r', '--journal', 'runs', '--json', ...BOUND];
    const other = await runFlows([...resume, 's4_preflight'], { cwd });
    expect([other.status, codesOf(other)[0]]).toMatchObject([1, expect.stringMatching(/^DUR11/)]);
    expect((await show(cwd, 'r')).run.status).toBe('interrupted');
  });
});

test('runs go to a file and come from one', async () => {
  await withFolder(async (cwd) => {
    await startWaiting(cwd);
    const out = await runFlows(['runs', 'export', '--journal', 'runs', '--out', 'all.cbor'], {
      cwd,
    });
    expect([out.status, out.stdout]).toEqual([
      0,
      expect.stringMatching(/^all\.cbor: \d+ bytes\n$/),
    ]);
    const take = ['runs', 'import', 'all.cbor', '--journal', 'elsewhere', '--json'];
    expect(documentOf(await runFlows(take, { cwd }))).toEqual({ taken: ['exp'] });
    expect(documentOf(await runFlows(take, { cwd }))).toEqual({ taken: [] });
    const resume = ['runs', 'resume', 'exp', '--journal', 'elsewhere', '--event', APPROVAL];
    expect((await runFlows(resume, { cwd })).status).toBe(0);
    await writeFile(join(cwd, 'bad.cbor'), 'these are no runs');
    const bad = await runFlows(['runs', 'import', 'bad.cbor', '--journal', 'runs', '--json'], {
      cwd,
    });
    expect([bad.status, codesOf(bad)]).toEqual([1, ['JRNL010']]);
    const missing = await runFlows(['runs', 'import', 'no.cbor', '--journal', 'x', '--json'], {
      cwd,
    });
    expect([missing.status, codesOf(missing)]).toEqual([1, ['CLI007']]);
  });
});

test('runs are cancelled, listed page by page, and removed', async () => {
  await withFolder(async (cwd) => {
    for (const id of ['a', 'b', 'c']) await startWaiting(cwd, id);
    const list = (...more: string[]) =>
      runFlows(['runs', 'list', '--journal', 'runs', '--json', ...more], { cwd });
    const ids = (document: Record<string, unknown>) =>
      (document['runs'] as { run_id: string }[]).map(({ run_id }) => run_id);
    const first = documentOf(await list('--limit', '2'));
    const rest = documentOf(await list('--limit', '2', '--after', String(first['next'])));
    expect([...ids(first), ...ids(rest), rest['next']]).toEqual(['c', 'b', 'a', null]);
    const cancel = ['runs', 'cancel', 'b', '--journal', 'runs'];
    expect(await runFlows(cancel, { cwd })).toMatchObject({
      status: 0,
      stdout: 'It is cancelled.\n',
    });
    expect(await runFlows(cancel, { cwd })).toMatchObject({
      status: 1,
      stdout: 'It had ended before.\n',
    });
    expect(ids(documentOf(await list('--status', 'cancelled')))).toEqual(['b']);
    const prune = ['runs', 'prune', '--keep', '0', '--compact', '--journal', 'runs', '--json'];
    expect(documentOf(await runFlows(prune, { cwd }))).toMatchObject({ removed: 1 });
    expect(ids(documentOf(await list()))).toEqual(['c', 'a']);
  });
});

test('bad input is refused with a code, and nothing is made by it', async () => {
  await withFolder(async (cwd) => {
    await startWaiting(cwd);
    await writeFile(join(cwd, 'file'), '');
    const inRuns = ['--journal', 'runs', '--json'];
    const cases: readonly (readonly [readonly string[], number, readonly string[]])[] = [
      [['runs', 'list', '--journal', 'nowhere', '--json'], 1, ['CLI011']],
      [['runs', 'list', '--journal', '.', '--json'], 1, ['CLI011']],
      [['runs', 'show', 'nobody', ...inRuns], 1, ['JRNL002']],
      [['runs', 'show', '../../etc/passwd', ...inRuns], 1, ['JRNL002']],
      [['runs', 'resume', 'x'.repeat(9_000), ...inRuns], 1, ['JRNL002']],
      [['runs', 'cancel', 'nobody', ...inRuns], 1, ['JRNL002']],
      [['runs', 'events', 'nobody', 'a:b=1', ...inRuns], 1, ['JRNL002']],
      [['replay', 'nobody', ...inRuns], 1, ['JRNL002']],
      [['runs', 'export', 'nobody', '--out', 'x.cbor', ...inRuns], 1, ['JRNL002']],
      [['runs', 'export', '--out', 'file/x', ...inRuns], 1, ['CLI007']],
      [['runs', 'list', '--limit', '0', ...inRuns], 1, ['JRNL012']],
      [['runs', 'list', '--after', 'x', ...inRuns], 1, ['JRNL012']],
      [['runs', 'resume', 'exp', 'missing.ts', ...inRuns], 1, ['LOAD001']],
      [
        ['run', 'local', 's1_echo', '--journal', 'runs', '--run-id', 'exp', '--json'],
        1,
        ['JRNL001'],
      ],
      [['run', 'local', 's1_echo', '--journal', 'file', '--json'], 1, ['CAP105']],
    ];
    for (const [args, status, codes] of cases) {
      const outcome = await runFlows(args, { cwd });
      expect([args, outcome.status, codesOf(outcome)]).toEqual([args, status, codes]);
    }
    const words: readonly (readonly string[])[] = [
      ['runs', 'resume', 'exp', '--event', 'nonsense'],
      ['runs', 'resume', 'exp', '--event', 'approval:e-1={'],
      ['runs', 'resume', 'exp', '--outcome', 'stop=maybe'],
      ['runs', 'prune'],
      ['runs', 'prune', '--older-than', 'yesterday'],
      ['runs', 'list', '--status', 'asleep'],
      ['runs', 'list', '--url', 'redis://127.0.0.1'],
      ['run', 'local', 's1_echo', '--journal', 'runs', '--burst', '2'],
      ['run', 'local', 's1_echo', '--run-id', 'x'],
    ];
    for (const args of words) {
      const outcome = await runFlows(args, { cwd });
      expect([args, outcome.status, outcome.stdout]).toEqual([args, 2, '']);
    }
  });
});

test('a run id is taken once', async () => {
  await withFolder(async (cwd) => {
    await startWaiting(cwd);
    const again = await startWaiting(cwd);
    expect([again.status, codesOf(again)]).toEqual([1, ['JRNL001']]);
    const strange = 'a\u001b[31m/../b';
    expect((await startWaiting(cwd, strange)).status).toBe(0);
    const list = await runFlows(['runs', 'list', '--journal', 'runs'], { cwd });
    expect(list.stdout).not.toContain('\u001b');
  });
});
