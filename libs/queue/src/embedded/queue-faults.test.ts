// The findings that an embedded queue gives, each with its words.
import { DiagnosticError } from '@basalt/diagnostics';
import { openTableStore } from '@basalt/capabilities';
import type { Delivery } from '../job.js';
import type { QueueBackend } from '../queue-backend.js';
import { DONE, gate, job, settled, until } from '../testing/queue-harness.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { listEmbeddedQueues, openEmbeddedQueue } from './embedded-queue.js';
import { QueueKeys } from './queue-keys.js';

let folder: string;
let cleanUp: () => Promise<void>;
let queue: QueueBackend;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
  queue = await openEmbeddedQueue({ folder, queue: 'q', maxJobBytes: 300 });
});
afterEach(async () => {
  await queue.close();
  await cleanUp();
});

async function saying(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'nothing';
  } catch (error) {
    return error instanceof DiagnosticError ? error.message : String(error);
  }
}

describe('an embedded queue', () => {
  it('says what is wrong with what it is given', async () => {
    const said = [
      await saying(() => queue.enqueue([job({ id: 'j', priority: 1_000 })])),
      await saying(() => queue.enqueue([job({ id: 'j', payload: 'x'.repeat(300) })])),
      await saying(() => openEmbeddedQueue({ folder, queue: '' })),
      await saying(() => queue.work(async () => DONE, { concurrency: 0 })),
      await saying(() => queue.schedule({ id: 's', cron: '0 0 31 2 *', job: job() })),
    ];
    expect(said).toEqual([
      'QUE101: The job j cannot be enqueued: priority is no number from -100 to 100.',
      expect.stringMatching(/^QUE102: The job j has \d+ bytes, and the queue takes at most 300\.$/),
      'QUE103: The queue name "" cannot be used: it is empty.',
      'QUE105: The worker option concurrency cannot be 0: it must be a whole number from 1 to 100000.',
      'QUE106: The schedule s cannot be kept: it would never fire.',
    ]);
    await queue.close();
    expect(await saying(() => queue.enqueue([job()]))).toBe(
      'QUE104: enqueue was called after the queue q was closed.',
    );
  });

  it('refuses folders that are not its own, and tells queues of one folder apart', async () => {
    expect(await saying(() => openEmbeddedQueue({ folder: '/dev/null/x', queue: 'q' }))).toMatch(
      /^CAP105/,
    );
    await (await openEmbeddedQueue({ folder, queue: 'a queue' })).close();
    expect(await listEmbeddedQueues(folder)).toEqual(['a queue', 'q']);
    const format = { name: 'basalt-store', version: 1 };
    expect(await saying(() => openEmbeddedQueue({ folder, queue: 'q', format }))).toMatch(
      /^CAP105/,
    );
  });

  it('tells a handler why its delivery is taken away', async () => {
    const reasons: string[] = [];
    const begun = gate();
    const hang = async ({ signal }: Delivery) => {
      signal.addEventListener('abort', () => reasons.push((signal.reason as Error).message));
      begun.open();
      await new Promise(() => undefined);
      return DONE;
    };
    await queue.enqueue([job({ id: 'j' })]);
    const stopping = queue.work(hang);
    await begun.opened;
    await stopping.close(0);
    queue.work(hang, { visibilityMs: 500 });
    await settled(queue, { active: 1 });
    // Somebody has given the worker up: what it held is given out again.
    const tables = await openTableStore(folder, {
      format: { name: 'basalt-journal', version: 1, logged: true },
      tables: ['queue'],
    });
    await tables.transact('test', 0, (named) => {
      const { start, end } = new QueueKeys(1).range('worker');
      for (const { key } of [...named('queue').getRange({ start, end })]) {
        named('queue').removeSync(key);
      }
    });
    await tables.close();
    await until('it was told', () => reasons.length === 2);
    expect(reasons).toEqual([
      'QUE112: The worker stopped before the job j was done.',
      'QUE109: The delivery of the job j is no longer held by this worker: it showed no sign of life for too long.',
    ]);
  });

  it('takes what a handler throws for a failed attempt', async () => {
    await queue.enqueue([job({ id: 'j', maxAttempts: 1 })]);
    queue.work(async () => {
      throw new TypeError('no customer');
    });
    await settled(queue, { dead: 1 });
    expect((await queue.dead.show('j'))?.reason).toEqual({
      code: 'QUE111',
      message:
        'The delivery of the job j ended with an error that its handler did not expect: no customer.',
    });
  });
});
