// A queue with nothing that can be done does nothing: what waits for a limit is not looked for in a loop.
import { openTableStore } from '@basalt/capabilities';
import type { QueueBackend } from '../queue-backend.js';
import { DONE, gate, job, settled, until } from '../testing/queue-harness.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openEmbeddedQueue } from './embedded-queue.js';

it('leaves jobs alone that no worker may take now, also with several in one process', async () => {
  const { path: folder, cleanUp } = await temporaryFolder();
  let looks = 0;
  const now = () => {
    looks += 1;
    return Date.now();
  };
  const queues: QueueBackend[] = [];
  for (let i = 0; i < 2; i += 1) {
    queues.push(await openEmbeddedQueue({ folder, queue: 'q', now }));
  }
  const held = gate();
  const flow = job().flow;
  for (const queue of queues) {
    const handle = async () => {
      await held.opened;
      return DONE;
    };
    queue.work(handle, { perFlow: { [flow]: 1 } });
  }
  const [queue] = queues as [QueueBackend];
  await queue.enqueue(Array.from({ length: 20 }, () => job()));
  await until('both are at their limit', async () => (await queue.status()).counts.active === 2);
  // Long enough for the intervals to have grown; a loop would look thousands of times.
  await new Promise((resolve) => setTimeout(resolve, 600));
  looks = 0;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(looks).toBeLessThan(150);
  held.open();
  await settled(queue, {}, { done: 20 });
  for (const one of queues) await one.close();
  await cleanUp();
});

it('leaves no worker behind that was closed before it was known', async () => {
  const { path: folder, cleanUp } = await temporaryFolder();
  const hasty = await openEmbeddedQueue({ folder, queue: 'q' });
  const worker = hasty.work(async () => DONE);
  hasty.work(async () => DONE);
  await worker.close();
  await hasty.close();
  const queue = await openEmbeddedQueue({ folder, queue: 'q' });
  expect((await queue.status()).workers).toEqual([]);
  await queue.close();
  await cleanUp();
});

it('ends with nothing left to do', async () => {
  const { path: folder, cleanUp } = await temporaryFolder();
  const queue = await openEmbeddedQueue({
    folder,
    queue: 'q',
    keepFinished: 10,
    keepFinishedMs: 1e9,
  });
  queue.work(async () => DONE);
  for (let round = 0; round < 30; round += 1) {
    await queue.enqueue(Array.from({ length: 10 }, () => job({ partition: 'p', dedupeTtlMs: 1 })));
    await settled(queue, {});
  }
  await queue.close();
  const store = await openTableStore(folder, {
    format: { name: 'basalt-journal', version: 1, logged: true },
    tables: ['queue'],
  });
  const left = await store.read('count', (tables) => tables('queue').getKeysCount({}));
  // Of 300 jobs the last ones are still known: three records each, and some of the queue itself.
  expect(left).toBeLessThan(3 * 80);
  await store.close();
  await cleanUp();
});
