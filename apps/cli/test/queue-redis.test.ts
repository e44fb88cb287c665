// flows queue and flows runs with a real Redis, and without one.
import { freePort, startRedisServer, type RedisServer } from '@basalt/test-servers';
import { documentOf, runFlows, withFolder } from './testing/run-flows.js';
import { startHost } from './testing/running-host.js';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis.stop());

const place = () => ['--backend', 'redis', '--url', redis.url];

test('jobs and runs are kept in Redis', async () => {
  await withFolder(async (cwd) => {
    const ask = async (...args: readonly string[]) =>
      documentOf(await runFlows([...args, ...place(), '--json'], { cwd }));
    const expense = '{"id":"e-1","amount":500}';
    const add = ['queue', 'enqueue', 'human_approval', '--payload', expense, '--id', 'exp'];
    expect(await ask(...add)).toEqual({ id: 'exp', duplicate: false, queue: 'flows' });
    const args = ['queue', 'run', 'human_approval', ...place()];
    const worker = await startHost(args, /(takes jobs of flows \(redis, )/, cwd);
    const until = async (counts: Record<string, number>) => {
      for (;;) {
        const now = (await ask('queue', 'status'))['counts'] as Record<string, number>;
        if (Object.entries(counts).every(([name, count]) => now[name] === count)) return;
      }
    };
    await until({ parked: 1 });
    const event = 'approval:e-1={"approved":true,"by":"Ada"}';
    expect(await ask('runs', 'events', 'exp', event)).toMatchObject({ delivered: 1 });
    await until({ ready: 0, delayed: 0, active: 0, parked: 0, dead: 0 });
    expect(await worker.stop()).toBe(0);
    expect(await ask('runs', 'show', 'exp')).toMatchObject({
      run: { run_id: 'exp', status: 'completed' },
    });
    expect(await ask('replay', 'exp')).toMatchObject({ status: 'same' });
  });
});

test.each([
  ['queue', 'status'],
  ['queue', 'run', 's1_echo'],
  ['runs', 'list'],
  ['run', 'serve', 's1_echo'],
])('a Redis that is not there: %s %s', async (...words) => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const outcome = await runFlows([...words, '--backend', 'redis', '--url', url]);
  expect([outcome.status, outcome.stdout]).toEqual([3, '']);
  expect(outcome.stderr).toContain('apt-get install -y redis-server');
});

test('an address with a user, or of another protocol, is refused', async () => {
  for (const url of ['redis://ada:secret@127.0.0.1', 'http://127.0.0.1', 'nowhere']) {
    const outcome = await runFlows(['queue', 'status', '--backend', 'redis', '--url', url]);
    expect([outcome.status, outcome.stdout]).toEqual([2, '']);
    expect(outcome.stderr).not.toContain('secret');
  }
});
