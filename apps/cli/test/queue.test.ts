// flows queue: jobs, a worker, schedules and dead letters in a folder.
import { codesOf, documentOf, runFlows, withFolder } from './testing/run-flows.js';
import { BEGUN, BOUND, writeInterruptedFlow } from './testing/interrupted-flow.js';
import {
  LISTENING,
  LOCALLY,
  PATIENTLY,
  post,
  startHost,
  type RunningHost,
} from './testing/running-host.js';

const HELLO = ['--payload', '{"text":" Hello "}'];
const TAKES = /(takes jobs of)/;
const NOTHING = { ready: 0, delayed: 0, active: 0, parked: 0, dead: 0 };

/** A command about the queue; the document that it prints. */
async function queue(cwd: string, ...args: readonly string[]) {
  return documentOf(await runFlows(['queue', ...args, '--json'], { cwd }));
}

/** Asks until the counts of the queue are these. */
async function until(cwd: string, counts: Readonly<Record<string, number>>): Promise<void> {
  for (;;) {
    const status = await queue(cwd, 'status');
    const now = status['counts'] as Record<string, number>;
    if (Object.entries(counts).every(([name, count]) => now[name] === count)) return;
  }
}

const work = (cwd: string, ...flows: readonly string[]): Promise<RunningHost> =>
  startHost(['queue', 'run', ...flows], TAKES, cwd);

test('a job is added once, executed by a worker, and its run is in the journal', async () => {
  await withFolder(async (cwd) => {
    const add = ['enqueue', 's1_echo', ...HELLO, ...PATIENTLY, '--id', 'job-1'];
    expect(await queue(cwd, ...add)).toEqual({ id: 'job-1', duplicate: false, queue: 'flows' });
    expect(await queue(cwd, ...add)).toEqual({ id: 'job-1', duplicate: true, queue: 'flows' });
    expect(await queue(cwd, 'status')).toMatchObject({
      queue: 'flows',
      paused: false,
      counts: { ...NOTHING, ready: 1 },
      workers: [],
    });
    const worker = await work(cwd, 's1_echo', '--job-log');
    await until(cwd, NOTHING);
    const busy = await queue(cwd, 'status');
    expect(busy).toMatchObject({ totals: { enqueued: 1, done: 1, dead: 0 } });
    expect(busy['workers']).toMatchObject([{ concurrency: 10, active: 0 }]);
    expect(await worker.stop()).toBe(0);
    expect(worker.said()).toContain('"job":"job-1","flow":"s1_echo","attempt":1,"outcome":"done"');
    const shown = documentOf(await runFlows(['runs', 'show', 'job-1', '--json'], { cwd }));
    expect(shown).toMatchObject({
      run: { run_id: 'job-1', status: 'completed' },
      start: { labels: { 'lf.job_id': 'job-1', 'lf.queue': 'flows' } },
    });
  });
});

test('after kill -9 of a worker another one goes on, and no effect is repeated', async () => {
  await withFolder(async (cwd) => {
    await writeInterruptedFlow(cwd);
    await queue(cwd, 'enqueue', 'flow.ts', '--payload', '{"id":"o"}', '--id', 'j');
    const args = ['queue', 'run', 'flow.ts', ...BOUND];
    const first = await startHost(args, BEGUN, cwd);
    expect(await first.stop('SIGKILL')).toBeNull();
    const second = await work(cwd, 'flow.ts', ...BOUND);
    await until(cwd, NOTHING);
    expect(await second.stop()).toBe(0);
    const { run, records } = documentOf(
      await runFlows(['runs', 'show', 'j', '--json'], { cwd }),
    ) as unknown as { run: unknown; records: { kind: string; output?: unknown }[] };
    expect(run).toMatchObject({ status: 'completed', resumptions: 1 });
    expect(records.at(-1)).toMatchObject({ kind: 'ended', output: { count: 1 } });
  });
});

test('a parked job goes on when its event is delivered', async () => {
  await withFolder(async (cwd) => {
    const expense = ['--payload', '{"id":"e-1","amount":500}'];
    await queue(cwd, 'enqueue', 'human_approval', ...expense, '--id', 'exp');
    const worker = await work(cwd, 'human_approval');
    await until(cwd, { parked: 1 });
    const event = 'approval:e-1={"approved":false,"by":"Bo"}';
    const told = await runFlows(['runs', 'events', 'exp', event], { cwd });
    expect([told.stdout, told.stderr]).toEqual([
      '1 delivered\n',
      'A worker of its queue goes on with it.\n',
    ]);
    await until(cwd, NOTHING);
    expect(await worker.stop()).toBe(0);
    const shown = documentOf(await runFlows(['runs', 'show', 'exp', '--json'], { cwd }));
    expect(shown).toMatchObject({
      run: { status: 'completed' },
      records: expect.arrayContaining([
        expect.objectContaining({
          kind: 'ended',
          output: { id: 'e-1', status: 'refused', by: 'Bo' },
        }),
      ]),
    });
  });
});

test('what cannot succeed is a dead letter, which is shown, replayed and purged', async () => {
  await withFolder(async (cwd) => {
    const order = '{"id":"o","item":"lamp","amount":1,"deliverable":false}';
    const add = ['enqueue', 'payments_saga', '--payload', order, '--max-attempts', '1'];
    await queue(cwd, ...add, ...PATIENTLY, '--id', 'j');
    const worker = await work(cwd, 'payments_saga', '--bind', 'kv=memory');
    await until(cwd, { dead: 1 });
    expect(await worker.stop()).toBe(0);
    expect(await queue(cwd, 'dead', 'list')).toMatchObject({
      total: 1,
      letters: [{ id: 'j', cause: 'exhausted', attempts: 1, reason: { code: 'RUN101' } }],
    });
    const shown = await runFlows(['queue', 'dead', 'show', 'j'], { cwd });
    expect(shown.stdout).toMatch(/^job {6}j\nflow {5}payments_saga\ncause {4}exhausted after 1/);
    expect(await queue(cwd, 'dead', 'replay', 'j')).toEqual({ replayed: ['j'] });
    expect(await queue(cwd, 'status')).toMatchObject({ counts: { ready: 1, dead: 0 } });
    const gone = await runFlows(['queue', 'dead', 'purge', 'j', '--json'], { cwd });
    expect([gone.status, documentOf(gone)]).toEqual([1, { purged: 0 }]);
    const none = await runFlows(['queue', 'dead', 'show', 'j', '--json'], { cwd });
    expect([none.status, codesOf(none)]).toEqual([1, ['CLI012']]);
    expect(await queue(cwd, 'dead', 'purge', '--all')).toEqual({ purged: 0 });
  });
});

test('schedules are kept, shown and removed; a paused queue gives nothing', async () => {
  await withFolder(async (cwd) => {
    const add = ['schedule', 'add', 'nightly', 's1_echo', ...HELLO];
    await queue(cwd, ...add, '--cron', '0 3 * * *', '--time-zone', 'Europe/Berlin');
    expect(await queue(cwd, 'schedule', 'list')).toMatchObject({
      schedules: [
        {
          id: 'nightly',
          cron: '0 3 * * *',
          timeZone: 'Europe/Berlin',
          job: { flowName: 's1_echo', payload: { text: ' Hello ' } },
        },
      ],
    });
    expect(await queue(cwd, 'schedule', 'remove', 'nightly')).toEqual({
      id: 'nightly',
      removed: true,
    });
    const twice = await runFlows(['queue', 'schedule', 'remove', 'nightly'], { cwd });
    expect([twice.status, twice.stdout]).toEqual([1, 'There is no such schedule.\n']);
    expect(await queue(cwd, 'pause')).toMatchObject({ paused: true });
    expect(await queue(cwd, 'resume')).toMatchObject({ paused: false });
  });
});

test('queue up takes requests in, executes them, and says what became of them', async () => {
  await withFolder(async (cwd) => {
    const args = ['queue', 'up', 's1_echo', ...LOCALLY];
    const { found: url, said, stop } = await startHost(args, LISTENING, cwd);
    const taken = await post(`${url}/echo`, { text: ' Hi ' });
    const { run_id: id } = (await taken.json()) as { run_id: string };
    expect([taken.status, taken.headers.get('location')]).toEqual([202, `/_runs/${id}`]);
    let state: Record<string, unknown> = {};
    while (state['status'] !== 'completed') {
      state = (await (await fetch(`${url}/_runs/${id}`)).json()) as Record<string, unknown>;
    }
    expect(state).toMatchObject({ run_id: id, flow: 's1_echo', output: { text: 'hi' } });
    const runs = (await (await fetch(`${url}/_flows/api/runs`)).json()) as { runs: unknown };
    expect(runs.runs).toMatchObject([{ id, flow_name: 's1_echo', status: 'completed' }]);
    expect(said()).toContain(`  queue flows (embedded)\n  viewer ${url}/_flows/\n`);
    expect(await stop()).toBe(0);
  });
});

test('bad input is refused with a code', async () => {
  await withFolder(async (cwd) => {
    const refused = async (args: readonly string[], status: number, code?: string) => {
      const outcome = await runFlows(['queue', ...args, '--json'], { cwd });
      const codes = code === undefined ? undefined : codesOf(outcome);
      expect([args, outcome.status, codes]).toEqual([args, status, code && [code]]);
    };
    await refused(['status'], 1, 'CLI011');
    await refused(['enqueue', 's1_echo', '--payload', '{"text":5}'], 1, 'RUN116');
    await refused(['enqueue', 's1_echo', '--payload', '{'], 1, 'CLI005');
    await refused(['enqueue', 'no_such_flow'], 1, 'LOAD001');
    await refused(['enqueue', 's1_echo', ...HELLO, '--trigger-alias', 'x'], 1, 'CLI010');
    await refused(['enqueue', 's1_echo', ...HELLO, '--priority', '1000'], 1, 'QUE101');
    await refused(['enqueue', 's1_echo', ...HELLO, '--queue', 'a\u0007'], 1, 'QUE103');
    await refused(['enqueue', 's1_echo', ...HELLO, '--delay-ms', '-1'], 2);
    await refused(['enqueue', 's1_echo', ...HELLO, '--id', 'x'.repeat(5_000)], 1, 'QUE101');
    await refused(['schedule', 'add', 'x', 's1_echo', ...HELLO], 2);
    await refused(['schedule', 'add', 'x', 's1_echo', ...HELLO, '--cron', 'never'], 1, 'QUE106');
    await refused(['dead', 'replay'], 2);
    await refused(['dead', 'purge', 'x', '--all'], 2);
    await refused(['status', '--backend', 'redis'], 2);
    await refused(['status', '--backend', 'redis', '--url', 'http://localhost'], 2);
    await refused(['status', '--backend', 'paper'], 2);
    const worker = (args: readonly string[]) => runFlows(['queue', 'run', ...args], { cwd });
    expect((await worker([])).status).toBe(2);
    expect((await worker(['s1_echo', '--rate', 'fast'])).status).toBe(2);
    expect((await worker(['s1_echo', '--drain-ms', '-1'])).status).toBe(2);
    expect((await worker(['s1_echo', '--metrics-addr', 'nowhere'])).status).toBe(2);
    const none = await worker(['s1_echo', '--concurrency', '0']);
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('error QUE105')]);
  });
});
