// Flows whose queue and journal are both in Redis, executed by two workers: the connections of one are
// cut while it works, and every effect is there once.
import { startCuttingProxy, startRedisServer, type RedisServer } from '@basalt/test-servers';
import { openRedisJournal } from '@basalt/journal';
import { createFlowWorker } from '../flow-worker/flow-worker.js';
import { settled, until } from '../testing/queue-harness.js';
import { EFFECT, queuedFlow } from '../testing/queued-flows.js';
import { openRedisQueue } from './redis-queue.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedisServer({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
});

afterAll(() => redis.stop());

it('executes each job as one run, whatever happens to connections', async () => {
  const proxy = await startCuttingProxy(redis.port);
  const effects: string[] = [];
  const flow = queuedFlow({
    name: 'orders',
    nodes: ['charge', 'ship'].map((alias) => ({
      ...EFFECT,
      alias,
      run: async (input: { id: number }) => {
        effects.push(`${alias} ${input.id}`);
        await new Promise((resolve) => setTimeout(resolve, 3));
        return input;
      },
    })),
  });
  const urls = [redis.url, `redis://127.0.0.1:${proxy.port}`];
  const backends = await Promise.all(urls.map((url) => openRedisQueue({ queue: 'flows', url })));
  const journals = await Promise.all(urls.map((url) => openRedisJournal({ url })));
  const [backend] = backends;
  const { id, name } = flow.bundle.ir;
  const ids = Array.from({ length: 40 }, (_, i) => i);
  await backend!.enqueue(
    ids.map((i) => ({ flow: id, flowName: name, id: `job ${i}`, payload: { id: i } })),
  );
  const workers = backends.map((queue, i) =>
    createFlowWorker({
      backend: queue,
      journal: journals[i]!,
      flows: [flow],
      worker: { concurrency: 4, visibilityMs: 500 },
    }),
  );
  for (const done of [20, 45]) {
    await until('more is done', () => effects.length > done);
    proxy.sever();
    proxy.restore();
  }
  await settled(backend!, {}, { enqueued: 40, dead: 0 });
  expect(effects.sort()).toEqual(ids.flatMap((i) => [`charge ${i}`, `ship ${i}`]).sort());
  const runs = await Promise.all(ids.map((i) => journals[0]!.info(`job ${i}`)));
  expect(runs.map((run) => run?.status)).toEqual(ids.map(() => 'completed'));
  expect(await journals[0]!.verify()).toEqual([]);
  await Promise.all(workers.map((worker) => worker.close()));
  await Promise.all([...backends, ...journals].map((store) => store.close()));
  await proxy.close();
});
