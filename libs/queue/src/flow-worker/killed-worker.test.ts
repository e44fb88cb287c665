// A worker of flows that is killed at any instant: no job is lost, a step that is in the journal is not
// done again, and what is done again shows the same idempotency key.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedJournal } from '@basalt/journal';
import { openEmbeddedQueue } from '../embedded/embedded-queue.js';
import { childProgram, type ChildProgram } from '../testing/child-program.js';
import { PAYMENT_STEPS, paymentsFlow } from '../testing/payments-flow.js';
import { AT_ONCE, settled, until } from '../testing/queue-harness.js';
import { temporaryFolder } from '../testing/temporary-folder.js';

let program: ChildProgram;

beforeAll(async () => {
  program = await childProgram('flow-child');
});
afterAll(() => program.cleanUp());

const JOBS = 40;

it('does every step of every job, and none twice that was recorded', async () => {
  const outside = await temporaryFolder();
  const ledger = join(outside.path, 'ledger');
  const folder = join(outside.path, 'store');
  await writeFile(ledger, '');
  const effects = async () => (await readFile(ledger, 'utf8')).split('\n').filter(Boolean);
  const queue = await openEmbeddedQueue({ folder, queue: 'flows' });
  const { id, name } = paymentsFlow(() => undefined).bundle.ir;
  await queue.enqueue(
    Array.from({ length: JOBS }, (_, i) => ({
      id: `job ${i}`,
      flow: id,
      flowName: name,
      payload: { id: i },
      maxAttempts: 100,
      backoff: AT_ONCE,
    })),
  );
  let seed = 5;
  for (let round = 0; round < 6; round += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    const enough = (await effects()).length + (seed % 17);
    const child = program.start(folder, ledger);
    await until('it has done some', async () => {
      return (await effects()).length > enough || !child.isRunning || (await isOver());
    });
    await child.kill();
  }
  async function isOver(): Promise<boolean> {
    return (await queue.status()).totals.done === JOBS;
  }
  const last = program.start(folder, ledger);
  await settled(queue, {}, { done: JOBS, dead: 0 });
  await last.kill();

  const keys = new Map<string, Set<string>>();
  for (const line of await effects()) {
    const [alias, job, key] = line.split(' ') as [string, string, string];
    const step = `${alias} ${job}`;
    keys.set(step, (keys.get(step) ?? new Set()).add(key));
  }
  const expected = PAYMENT_STEPS.flatMap((alias) =>
    Array.from({ length: JOBS }, (_, i) => `${alias} ${i}`),
  );
  expect([...keys.keys()].sort()).toEqual(expected.sort());
  expect([...keys.values()].map((shown) => shown.size)).toEqual(expected.map(() => 1));
  // Only what was at work when a worker was killed (8 at a time, 6 kills) may have been done again.
  expect((await effects()).length).toBeLessThanOrEqual(expected.length + 6 * 8);

  const journal = await openEmbeddedJournal(folder);
  expect(await journal.verify()).toEqual([]);
  const runs = await journal.list({ limit: 1_000 });
  expect(runs.runs.map(({ runId, status }) => [runId, status]).sort()).toEqual(
    Array.from({ length: JOBS }, (_, i) => [`job ${i}`, 'completed']).sort(),
  );
  await journal.close();
  await queue.close();
  await outside.cleanUp();
});
