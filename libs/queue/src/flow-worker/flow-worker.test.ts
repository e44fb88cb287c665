import { memoryDedupe } from '@basalt/capabilities';
import { DiagnosticError } from '@basalt/diagnostics';
import type { RunResult } from '@basalt/executor';
import { hashValue } from '@basalt/ir';
import { openEmbeddedJournal, type JournalStore } from '@basalt/journal';
import { openEmbeddedQueue } from '../embedded/embedded-queue.js';
import type { DeliveryOutcome, NewJob } from '../job.js';
import type { QueueBackend, WorkerOptions } from '../queue-backend.js';
import { AT_ONCE, gate, settled, until } from '../testing/queue-harness.js';
import { EFFECT, queuedFlow } from '../testing/queued-flows.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { createFlowWorker, type EndedDelivery } from './flow-worker.js';
import type { QueuedFlow } from './queued-flow.js';

let folder: string;
let cleanUp: () => Promise<void>;
let backend: QueueBackend;
let journal: JournalStore;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
  journal = await openEmbeddedJournal(folder);
  backend = await openEmbeddedQueue({ folder, queue: 'flows' });
});
afterEach(async () => {
  await backend.close();
  await journal.close();
  await cleanUp();
});

interface Ended {
  readonly id: string;
  readonly attempt: number;
  readonly outcome: DeliveryOutcome;
  readonly status: RunResult['status'] | undefined;
}

function work(flows: readonly QueuedFlow[], worker: WorkerOptions = {}) {
  const ended: Ended[] = [];
  const onEnded = ({ delivery, outcome, result }: EndedDelivery) =>
    ended.push({
      id: delivery.job.id,
      attempt: delivery.attempt,
      outcome,
      status: result?.status,
    });
  const running = createFlowWorker({ backend, journal, flows, worker, onEnded });
  return { ended, close: (graceMs?: number) => running.close(graceMs) };
}

function jobFor(flow: QueuedFlow, given: Partial<NewJob> = {}): NewJob {
  const { id, name } = flow.bundle.ir;
  return { flow: id, flowName: name, payload: { id: 1 }, backoff: AT_ONCE, ...given };
}

describe('createFlowWorker', () => {
  it('executes a job as a run of its id, with what came with it', async () => {
    const seen: unknown[] = [];
    const flow = queuedFlow({
      name: 'orders',
      nodes: [
        {
          alias: 'work',
          run: (input, { runId, metadata }) => {
            seen.push(input, runId, metadata.labels, metadata.extensions);
            return { ok: true };
          },
        },
      ],
    });
    const { ended } = work([flow]);
    const labels = { tenant: 'a' };
    await backend.enqueue([jobFor(flow, { id: 'job 1', labels, extensions: { x: 1 } })]);
    await settled(backend, {}, { done: 1, retried: 0 });
    const given = {
      tenant: 'a',
      'lf.job_id': 'job 1',
      'lf.queue': 'flows',
      'lf.run_id': 'job 1',
      'lf.flow_id': flow.bundle.ir.id,
      'lf.trigger_alias': 'in',
      'lf.capture_alias': 'work',
    };
    expect(seen).toEqual([{ id: 1 }, 'job 1', given, { x: 1 }]);
    expect(ended).toEqual([
      { id: 'job 1', attempt: 1, outcome: { kind: 'done' }, status: 'completed' },
    ]);
    expect(await journal.info('job 1')).toMatchObject({ status: 'completed', flowName: 'orders' });
  });

  it('keeps a job whose flow it does not have, and uses no attempt', async () => {
    const known = queuedFlow({ name: 'known' });
    const other = queuedFlow({ name: 'other' });
    const { ended } = work([known]);
    await backend.enqueue([jobFor(other, { id: 'a', maxAttempts: 1 }), jobFor(known, { id: 'b' })]);
    await settled(backend, { delayed: 1 }, { done: 1, dead: 0 });
    expect(ended.find(({ id }) => id === 'a')?.outcome).toMatchObject({
      kind: 'retry',
      reason: { code: 'QUE110' },
      countsAttempt: false,
    });
  });

  it('tries a failed run again with a run of its own, until its attempts are used up', async () => {
    const flow = queuedFlow({
      name: 'flaky',
      nodes: [
        {
          alias: 'work',
          run: (input: { until: number }, { runId }) => {
            const number = Number(/~(\d+)$/.exec(runId)?.[1] ?? 1);
            if (number < input.until) throw new Error(`not at ${number}`);
            return number;
          },
        },
      ],
    });
    const { ended } = work([flow]);
    await backend.enqueue([
      jobFor(flow, { id: 'third', payload: { until: 3 } }),
      jobFor(flow, { id: 'never', payload: { until: 9 }, maxAttempts: 2 }),
    ]);
    await settled(backend, { dead: 1 }, { done: 1, retried: 3 });
    expect(ended.filter(({ id }) => id === 'third').map(({ status }) => status)).toEqual([
      'failed',
      'failed',
      'completed',
    ]);
    expect(await backend.dead.show('never')).toMatchObject({
      cause: 'exhausted',
      attempts: 2,
      reason: { code: 'RUN101' },
    });
    const statuses = [];
    for (const id of ['third', 'third~2', 'third~3', 'never', 'never~2']) {
      statuses.push((await journal.info(id))?.status);
    }
    expect(statuses).toEqual(['failed', 'failed', 'completed', 'failed', 'failed']);
  });

  it('puts a job aside at once that would fail in the same way again', async () => {
    const strict = queuedFlow({
      name: 'strict',
      nodes: [
        {
          alias: 'work',
          run: () => 1,
          effects: 'read_only',
          determinism: 'best_effort',
          effectHints: ['resource::kv::read'],
        },
      ],
    });
    const { ended } = work([strict]);
    await backend.enqueue([
      jobFor(strict, { id: 'capability' }),
      jobFor(strict, { id: 'trigger', trigger: 'nowhere' }),
    ]);
    await settled(backend, { dead: 2 }, { retried: 0 });
    const codes = [];
    for (const id of ['capability', 'trigger']) {
      codes.push((await backend.dead.show(id))?.reason.code);
    }
    expect(codes).toEqual(['CAP101', 'RUN113']);
    expect(ended.map(({ outcome }) => outcome.kind)).toEqual(['dead', 'dead']);
  });

  it('parks a run that waits, and takes it up when its event has come', async () => {
    const flow = queuedFlow({
      name: 'approval',
      nodes: [
        { alias: 'ask', run: (input) => input },
        { alias: 'decide', run: ({ event }) => event },
      ],
      more: { checkpoints: [{ id: 'approval' }] as never },
      surfaces: [
        {
          id: 'surface-1',
          kind: 'await',
          targets: ['ask', 'decide'],
          config: {
            v: 1,
            checkpoint_id: 'approval',
            correlation_key: '/id',
            source: 'ask',
            target: 'decide',
          },
        } as never,
      ],
    });
    const { ended } = work([flow]);
    await backend.enqueue([jobFor(flow, { id: 'a' })]);
    await settled(backend, { parked: 1 });
    expect(await journal.info('a')).toMatchObject({ status: 'waiting' });
    const event = { id: 'e1', checkpoint: 'approval', correlation: 1, event: { approved: true } };
    expect(await journal.deliver('a', event)).toBe(true);
    expect(await backend.resume('a')).toBe(true);
    await settled(backend, {}, { done: 1 });
    expect(ended.map(({ status, outcome }) => [status, outcome.kind])).toEqual([
      ['waiting', 'parked'],
      ['completed', 'done'],
    ]);
    const records = await journal.records('a');
    expect(records.at(-1)).toMatchObject({ kind: 'ended', output: { approved: true } });
  });

  it('gives a run back that is cut off, and goes on from its journal', async () => {
    const begun = gate();
    const calls: string[] = [];
    let hang = true;
    const flow = queuedFlow({
      name: 'long',
      nodes: [
        {
          ...EFFECT,
          alias: 'pay',
          run: (input) => {
            calls.push('pay');
            return input;
          },
        },
        {
          alias: 'wait',
          run: async (input, { signal }) => {
            calls.push('wait');
            begun.open();
            if (hang) await new Promise((resolve) => signal.addEventListener('abort', resolve));
            return input;
          },
        },
      ],
    });
    const first = work([flow]);
    await backend.enqueue([jobFor(flow, { id: 'a', maxAttempts: 1 })]);
    await begun.opened;
    await first.close(0);
    await settled(backend, { ready: 1 });
    await until('the run is given back', async () => {
      return (await journal.info('a'))?.status === 'interrupted';
    });
    hang = false;
    const second = work([flow]);
    await settled(backend, {}, { done: 1, dead: 0 });
    expect(calls).toEqual(['pay', 'wait', 'wait']);
    expect(second.ended.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'completed'],
    ]);
  });

  it('waits for a key that another run holds, and drops what is a duplicate then', async () => {
    const calls: string[] = [];
    const held = gate();
    const flow = queuedFlow({
      name: 'once',
      edge: { delivery: 'exactly_once' },
      nodes: [
        {
          ...EFFECT,
          alias: 'record',
          summary: 'Records once',
          effectHints: ['resource::dedupe::write'],
          run: async (input, { runId }) => {
            calls.push(runId);
            await held.opened;
            return input;
          },
        },
      ],
      capabilities: { dedupe: memoryDedupe() },
    });
    const { ended } = work([flow]);
    await backend.enqueue([jobFor(flow, { id: 'a' })]);
    await until('the first is at work', () => calls.length === 1);
    await backend.enqueue([jobFor(flow, { id: 'b', maxAttempts: 1 })]);
    await until('the second was sent back', () => ended.length > 0);
    expect(ended[0]).toMatchObject({
      id: 'b',
      outcome: { kind: 'retry', reason: { code: 'DUR103' }, countsAttempt: false },
    });
    held.open();
    await settled(backend, {}, { done: 2, dead: 0 });
    expect(calls).toEqual(['a']);
    expect(ended.slice(1).map(({ id, status }) => [id, status])).toEqual([
      ['a', 'completed'],
      ['b', 'failed'],
    ]);
  });

  it('puts aside a job whose key was used for another input', async () => {
    const flow = queuedFlow({
      name: 'collides',
      edge: { delivery: 'exactly_once' },
      nodes: [
        {
          ...EFFECT,
          alias: 'record',
          summary: 'Records once',
          idempotency: { key: '/id', ttlMs: 300_000 },
          effectHints: ['resource::dedupe::write'],
          run: (input) => input,
        },
      ],
      capabilities: { dedupe: memoryDedupe() },
    });
    const { ended } = work([flow]);
    await backend.enqueue([jobFor(flow, { id: 'a', payload: { id: 1, n: 1 } })]);
    await settled(backend, {}, { done: 1, dead: 0 });
    await backend.enqueue([jobFor(flow, { id: 'b', payload: { id: 1, n: 2 } })]);
    await settled(backend, { dead: 1 }, { done: 1, dead: 1 });
    expect(ended.map(({ id, outcome }) => [id, outcome])).toMatchObject([
      ['a', { kind: 'done' }],
      ['b', { kind: 'dead', reason: { code: 'IDEM099' } }],
    ]);
  });

  it('settles a job whose run has ended before', async () => {
    const flow = queuedFlow({ name: 'ended' });
    const { ir } = flow.bundle;
    const start = {
      runId: 'a',
      flow: { id: ir.id, name: ir.name, version: ir.version },
      flowHash: hashValue(null),
      flowDocument: null,
      payload: { id: 1 },
      labels: { 'lf.job_id': 'a' },
      startedAt: 0,
    };
    const open = await journal.create(start);
    open.append({ kind: 'ended', status: 'completed', output: 1, findings: [], at: 1 });
    await open.flush();
    await open.close();
    const { ended } = work([flow]);
    await backend.enqueue([jobFor(flow, { id: 'a' })]);
    await settled(backend, {}, { done: 1 });
    expect(ended).toEqual([{ id: 'a', attempt: 1, outcome: { kind: 'done' }, status: undefined }]);
  });

  it('does not take the run of somebody else for that of its job', async () => {
    const flow = queuedFlow({ name: 'mine' });
    const { ir } = flow.bundle;
    const start = {
      runId: 'a',
      flow: { id: ir.id, name: ir.name, version: ir.version },
      flowHash: hashValue(null),
      flowDocument: null,
      payload: 'foreign',
      startedAt: 0,
    };
    await (await journal.create(start)).close();
    work([flow]);
    await backend.enqueue([jobFor(flow, { id: 'a' })]);
    await settled(backend, {}, { done: 1 });
    expect(await journal.info('a~2')).toMatchObject({ status: 'completed' });
    expect((await journal.records('a')).length).toBe(0);
  });

  it('executes a run that was begun with another version only where it may go on', async () => {
    const begun = gate();
    let hang = true;
    const flow = (params: object, first = 'first') =>
      queuedFlow({
        name: 'versions',
        nodes: [
          { alias: first, run: (input) => input },
          {
            alias: 'second',
            run: async (input, { signal }) => {
              begun.open();
              if (hang) await new Promise((resolve) => signal.addEventListener('abort', resolve));
              return input;
            },
          },
          { alias: 'third', run: (input) => input, ...params },
        ],
      });
    const old = flow({});
    const first = work([old]);
    await backend.enqueue([jobFor(old, { id: 'a' })]);
    await begun.opened;
    await first.close(0);
    await settled(backend, { ready: 1 });
    hang = false;
    // A node that the run has begun is gone: it waits for a worker with its version.
    const pinned = work([flow({}, 'renamed')]);
    await settled(backend, { delayed: 1 }, { dead: 0 });
    await pinned.close();
    expect(pinned.ended.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'retry', reason: { code: 'DUR110' }, countsAttempt: false },
    ]);
    // Such a worker comes, with a change at a node that the run has not begun.
    const second = work([flow({ timeout_ms: 60_000 })]);
    await settled(backend, {}, { done: 1 });
    expect(second.ended.at(-1)).toMatchObject({ status: 'completed', outcome: { kind: 'done' } });
  });

  it('refuses flows that cannot be compiled', () => {
    const broken = queuedFlow({ name: 'broken', more: { edges: [] } });
    (broken.bundle.handlers as Map<string, unknown>).clear();
    expect(() => work([broken])).toThrow(DiagnosticError);
  });
});
