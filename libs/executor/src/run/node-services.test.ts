import { memoryKv, secretStore, type Log } from '@basalt/capabilities';
import type { NodeIR, Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { HostOptions, Invoke } from './host-options.js';
import type { NodeContext } from '../node-handler.js';
import { runFlow, startRun } from './run.js';
import { bundleOf, type NodeFixture } from '../testing/flow-fixture.js';

const ask = (
  run: (input: Value, context: NodeContext) => unknown,
  node: Partial<NodeIR> = {},
  options: HostOptions & Partial<Invoke> = {},
) => {
  const bundle = bundleOf({ nodes: { node: { run, ...node } as NodeFixture }, edges: [] });
  return runFlow(compilePlan(bundle), null, options);
};

describe('the context of a node', () => {
  it('has the metadata of the invocation, with what is absent filled in', async () => {
    const metadata = {
      labels: { tenant: 't1', 'lf.flow_id': 'mine' },
      extensions: { user: { id: 1 } },
    };
    const value = await ask(
      (_, context) => ({ ...context.metadata }),
      {},
      { runId: 'r1', metadata },
    );
    expect(value).toEqual({
      labels: {
        'lf.run_id': 'r1',
        'lf.flow_id': 'mine',
        'lf.trigger_alias': 'node',
        'lf.capture_alias': 'node',
        tenant: 't1',
      },
      extensions: { user: { id: 1 } },
    });
  });

  it('has its parameters, its place and its attempt', async () => {
    const value = await ask(
      (_, { params, alias, attempt, runId }) => ({ params, alias, attempt, runId }),
      { params: { url: 'x' } },
      { runId: 'r2' },
    );
    expect(value).toEqual({ params: { url: 'x' }, alias: 'node', attempt: 1, runId: 'r2' });
  });

  it('may be taken apart', async () => {
    const value = await ask(async (_, { emit, signal, log, idempotencyKey }) => {
      log.info('x');
      await emit([signal.aborted, idempotencyKey === undefined]);
    });
    expect(value).toEqual([false, true]);
  });

  it('gives the capabilities that the hints declare, and refuses others', async () => {
    const capabilities = { kv: memoryKv() };
    const read = async (_: Value, { capabilities }: NodeContext) => {
      await capabilities.kv!.put('k', new Uint8Array([1]));
      return (await capabilities.kv!.get('k'))!;
    };
    const hints = { effectHints: ['resource::kv::write'] };
    expect(await ask(read, hints, { capabilities })).toEqual(new Uint8Array([1]));
    await expect(ask(read, {}, { capabilities })).rejects.toThrow('CAP102: Node node uses kv');
    await expect(ask(read, hints)).rejects.toThrow(
      'CAP101: The flow test needs resource::kv::write',
    );
  });

  it('reads declared secrets only', async () => {
    const secrets = secretStore({ values: { key: 's3', other: 'x' }, allow: ['key', 'other'] });
    const read =
      (name: string) =>
      (_: Value, { secret }: NodeContext) =>
        secret(name);
    const declared = { secrets: ['key', 'gone'] };
    expect(await ask(read('key'), declared, { secrets })).toBe('s3');
    await expect(ask(read('other'), declared, { secrets })).rejects.toThrow('SECR201');
    await expect(ask(read('key'), declared)).rejects.toThrow('CAP101');
  });

  it('writes to the log of the host, with its place', async () => {
    const lines: unknown[] = [];
    const log: Log = { write: (...line) => void lines.push(line) };
    await ask(
      (_, context) => context.log.warn('slow', { ms: 5 }),
      {},
      { log, runId: 'r', mode: 'stream' },
    );
    expect(lines).toEqual([['warn', 'slow', { run: 'r', node: 'node', ms: 5 }]]);
  });

  it('has an idempotency key that is equal for every attempt', async () => {
    const keys: (string | undefined)[] = [];
    const node = {
      idempotency: { key: '/id' },
      retry: {
        max_attempts: 2,
        backoff_ms: 0,
        multiplier: 1,
        max_backoff_ms: 0,
        jitter: 'none',
        owner: 'orchestrator',
      },
    } as const;
    const plan = compilePlan(
      bundleOf({
        nodes: {
          node: {
            ...node,
            run: (_: Value, { attempt, idempotencyKey }) => {
              keys.push(idempotencyKey);
              if (attempt === 1) throw new Error('again');
              return 1;
            },
          },
        },
        edges: [],
      }),
    );
    await startRun(plan, { payload: { id: 1, at: 5 } }).result;
    await startRun(plan, { payload: { id: 1, at: 6 } }).result;
    await startRun(plan, { payload: { id: 2 } }).result;
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 0, 0, 4, 4]);
  });

  it('bounds outputs that declare a bound', async () => {
    await expect(ask(() => 'x'.repeat(50), { max_output_bytes: 10 })).rejects.toThrow(
      'RUN050: An output of node node holds 52 bytes, more than the limit of 10 bytes.',
    );
  });
});
