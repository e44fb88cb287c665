// The same on Redis, through a proxy that breaks connections.
import { certifyIdempotency, type CertifyCase } from '../src/index.js';
import { startRedisServer } from '@basalt/test-servers';
import { Redis } from 'ioredis';
import * as flows from './testing/certified-flows.js';
import { workerProgram, type WorkerProgram } from './testing/worker-command.js';

let program: WorkerProgram;
beforeAll(async () => {
  program = await workerProgram();
});
afterAll(() => program.remove());

const inputs = [{ id: 'input-1', payload: { id: 'one', amount: 3 } }];
const commit = (record: string, node: string) =>
  ({ job: 'input-1', at: 'commit', node, record, nth: 1, phase: 'before' }) as const;
const call = { job: 'input-1', at: 'effect', node: 'charge', record: '', nth: 1 } as const;

test('lost requests and answers, a partition and a lease that is over change nothing', async () => {
  const given: CertifyCase = {
    inputs,
    injections: [
      { kind: 'cut', point: commit('attempt', 'charge'), loses: 'answer' },
      { kind: 'freeze', point: { ...call, phase: 'after' } },
      { kind: 'partition', point: commit('ended', '') },
      { kind: 'same_event', input: 'input-1', when: 'at_once' },
    ],
  };
  const evidence = await certifyIdempotency(flows.paysOnce, {
    worker: program.command('paysOnce'),
    backend: 'redis',
    case: given,
  });
  expect([evidence.verdict, evidence.failure?.message]).toEqual(['certified', undefined]);
  expect(evidence.counts).toMatchObject({ cut: 1, freeze: 1, partition: 1, same_event: 1 });
});

test('a server that is there is left as it was, and a bad flow is caught', async () => {
  const redis = await startRedisServer();
  const client = new Redis(redis.url);
  try {
    await client.set('somebody', 'else');
    const evidence = await certifyIdempotency(flows.forgetsItsKey, {
      worker: program.command('forgetsItsKey'),
      backend: 'redis',
      redis: { url: redis.url },
      case: { inputs, injections: [{ kind: 'crash', point: { ...call, phase: 'after' } }] },
    });
    expect([evidence.verdict, evidence.failure?.code]).toEqual(['failed', 'CERT001']);
    const { timeline } = evidence.failure!;
    expect(timeline.filter(({ what }) => what === 'injection').map(({ text }) => text)).toEqual([
      'the worker is killed after call 1 of charge in input-1',
    ]);
    expect(await client.keys('*')).toEqual(['somebody']);
  } finally {
    client.disconnect();
    await redis.stop();
  }
});
