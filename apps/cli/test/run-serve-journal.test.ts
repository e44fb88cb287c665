// flows run serve with a journal: what a crash leaves, and what is enqueued.
import { BEGUN, BOUND, writeInterruptedFlow } from './testing/interrupted-flow.js';
import { documentOf, runFlows, withFolder } from './testing/run-flows.js';
import { LISTENING, LOCALLY, post, startHost } from './testing/running-host.js';

/** Asks for a run until it has ended. */
async function outcomeOf(url: string): Promise<Record<string, unknown>> {
  for (;;) {
    const state = (await (await fetch(url)).json()) as Record<string, unknown>;
    if (state['ended_at'] !== null) return state;
  }
}

test('after kill -9 of the host its runs go on with the next start', async () => {
  await withFolder(async (cwd) => {
    await writeInterruptedFlow(cwd);
    const args = ['run', 'serve', 'flow.ts', ...BOUND, ...LOCALLY, '--journal', 'runs'];
    const first = await startHost(args, LISTENING, cwd);
    const answer = post(`${first.found}/interrupted`, { id: 'o' }).catch(() => undefined);
    while (!BEGUN.test(first.said())) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await first.stop('SIGKILL')).toBeNull();
    expect(await answer).toBeUndefined();
    const list = ['runs', 'list', '--journal', 'runs', '--json'];
    const [run] = documentOf(await runFlows(list, { cwd }))['runs'] as { run_id: string }[];
    expect(run).toMatchObject({ flow: 'interrupted', status: 'interrupted' });
    const second = await startHost(args, /Took up 1 (runs) that had not ended\n/, cwd);
    const url = LISTENING.exec(second.said())![1]!;
    expect(await outcomeOf(`${url}/_runs/${run!.run_id}`)).toMatchObject({
      flow: 'interrupted',
      status: 'completed',
      output: { count: 1 },
    });
    expect(await second.stop()).toBe(0);
  });
});

test('a request with Prefer: respond-async is for a worker, in another process', async () => {
  await withFolder(async (cwd) => {
    const kept = ['--journal', 'kept', '--queue', 'web'];
    const host = await startHost(['run', 'serve', 's1_echo', ...kept, ...LOCALLY], LISTENING, cwd);
    const headers = { prefer: 'respond-async' };
    const taken = await post(`${host.found}/echo`, { text: ' Hi ' }, headers);
    expect(taken.status).toBe(202);
    const work = ['queue', 'run', 's1_echo', '--dir', 'kept', '--queue', 'web'];
    const worker = await startHost(work, /(takes jobs of web)/, cwd);
    const url = `${host.found}${taken.headers.get('location')}`;
    expect(await outcomeOf(url)).toMatchObject({ status: 'completed', output: { text: 'hi' } });
    expect([await worker.stop(), await host.stop()]).toEqual([0, 0]);
  });
});

test.each([
  [['--url', 'redis://127.0.0.1'], 2],
  [['--backend', 'redis'], 2],
  [['--journal', 'main.js'], 1],
])('%j is refused with %i', async (more, status) => {
  const outcome = await runFlows(['run', 'serve', 's1_echo', ...LOCALLY, ...more]);
  expect([outcome.status, outcome.stdout]).toEqual([status, '']);
});
