import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import { runFlow, startRun } from './run.js';
import { bundleOf, gather, pass, turns } from '../testing/flow-fixture.js';

function nested(step: NodeHandler, trigger: object = {}) {
  const inner = bundleOf({
    nodes: {
      start: { run: pass, trigger: { kind: 'manual', ...trigger } as never },
      step,
    },
    edges: ['start -> step'],
  });
  return bundleOf({
    nodes: {
      in: pass,
      sub: { run: pass, kind: 'subflow', subflow: 'inner' },
      out: pass,
    },
    edges: ['in -> sub', 'sub -> out'],
    more: { subflows: { inner: inner.ir } },
    handlers: Object.fromEntries(inner.handlers),
  });
}

describe('a subflow', () => {
  it('gives its result to the flow around it', async () => {
    const id = async (n: number, { runId, clock }: NodeContext) => {
      await clock.sleep(1);
      return { n: n + 1, runId };
    };
    const value = await runFlow(compilePlan(nested(id as NodeHandler)), 4, { runId: 'outer' });
    expect(value).toEqual({ n: 5, runId: 'outer/sub/2' });
  });

  it('shares the virtual time', async () => {
    const slow = async (n: number, { clock }: NodeContext) => {
      await clock.sleep(5_000);
      return [n, clock.now()];
    };
    const value = await runFlow(compilePlan(nested(slow as NodeHandler)), 4, {
      deterministic: { seed: 1 },
    });
    expect(value).toEqual([4, 5_000]);
  });

  it('streams where its trigger answers with a stream', async () => {
    const step = async function* (n: number) {
      for (let i = 0; i < n; i += 1) yield i;
    };
    const plan = compilePlan(nested(step as never, { respond: 'stream' }));
    const run = startRun(plan, { payload: 50, mode: 'stream' });
    expect(await gather(run.outputs())).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('fails its node with its own finding', async () => {
    const step = () => {
      throw new Error('inside');
    };
    const result = await startRun(compilePlan(nested(step)), { payload: 1 }).result;
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      'Node step failed on attempt 1: inside',
    ]);
    expect(result.summary.errors).toEqual([
      { alias: 'sub', error_kind: 'handler_error', count: 1 },
    ]);
  });

  it('is cancelled with the flow around it', async () => {
    const seen: string[] = [];
    const step = (_: Value, { signal }: NodeContext) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => {
          seen.push('aborted');
          reject(signal.reason);
        }),
      );
    const run = startRun(compilePlan(nested(step)), { payload: 1 });
    await turns(3);
    await run.cancel();
    expect(seen).toEqual(['aborted']);
    expect((await run.result).status).toBe('cancelled');
  });

  it('waits for events that the run is resumed with', async () => {
    const inner = bundleOf({
      nodes: { ask: pass, decided: pass },
      edges: ['ask -> decided'],
      surfaces: [
        ['await', { checkpoint_id: 'c', correlation_key: '/id', source: 'ask', target: 'decided' }],
      ],
    });
    const outer = bundleOf({
      nodes: { in: pass, sub: { run: pass, kind: 'subflow', subflow: 'inner' } },
      edges: ['in -> sub'],
      more: { subflows: { inner: inner.ir } },
      handlers: Object.fromEntries(inner.handlers),
    });
    const run = startRun(compilePlan(outer), { payload: { id: 'k' } });
    expect(run.waiting()).toMatchObject([{ checkpointId: 'c', correlationKey: 'k' }]);
    expect(run.resume('c', 'k', 1)).toBe(true);
    expect((await run.result).output).toEqual({ event: 1, input: { id: 'k' } });
  });

  it('must exist', () => {
    const bundle = bundleOf({
      nodes: { in: pass, sub: { run: pass, kind: 'subflow', subflow: 'nowhere' } },
      edges: ['in -> sub'],
    });
    expect(() => compilePlan(bundle)).toThrow('RUN115');
  });
});
