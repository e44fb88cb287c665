import { compilePlan } from '../plan/compile-plan.js';
import type { NodeHandler } from '../node-handler.js';
import { startRun } from '../run/run.js';
import { bundleOf, chain, gather, pass } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';
import type { DurableStep } from './run-journal.js';
import { decodeCanonical, encodeCanonical, type Value } from '@basalt/ir';

/** Keeps the results of steps as a host would: as bytes, by key and attempt. */
function stepping(kept: Map<string, Uint8Array>, taken: string[]): DurableStep {
  return async ({ key, alias, attempt }, call) => {
    const name = `${key}/${attempt}`;
    taken.push(`${alias} ${attempt}`);
    if (!kept.has(name)) kept.set(name, encodeCanonical((await call()) as Value));
    return decodeCanonical(kept.get(name)!);
  };
}

const retry = {
  max_attempts: 2,
  backoff_ms: 0,
  multiplier: 1,
  max_backoff_ms: 0,
  jitter: 'none',
  owner: 'orchestrator',
} as const;

function flow(calls: string[]) {
  const work: NodeHandler = async (n: number, context) => {
    calls.push(`work ${context.attempt}`);
    await context.emit(n + 1);
    return n + 2;
  };
  const flaky: NodeHandler = (n: number, context) => {
    calls.push(`flaky ${context.attempt}`);
    if (context.attempt === 1) throw new Error('not yet');
    return n * 10;
  };
  const items = async function* (n: number) {
    calls.push('items');
    yield n;
    yield n + 1;
  };
  const effect = { effects: 'effectful', determinism: 'nondeterministic' } as const;
  return compilePlan(
    bundleOf({
      nodes: {
        begin: pass,
        work: { run: work, ...effect },
        flaky: { run: flaky, ...effect, retry },
        items: {
          run: items as unknown as NodeHandler,
          effects: 'pure',
          determinism: 'best_effort',
        },
      },
      edges: chain('begin', 'work', 'flaky', 'items'),
    }),
  );
}

class SteppedJournal extends MemoryJournal {
  constructor(readonly step: DurableStep) {
    super();
  }
}

describe('a host with steps of its own', () => {
  it('gets every call that is not exact, and none is made again', async () => {
    const kept = new Map<string, Uint8Array>();
    const calls: string[] = [];
    const first: string[] = [];
    const execute = (taken: string[]) => {
      const journal = new SteppedJournal(stepping(kept, taken));
      return gather(startRun(flow(calls), { payload: 1, journal, mode: 'stream' }).outputs());
    };
    const outputs = await execute(first);
    expect(outputs).toEqual([20, 21, 30, 31]);
    expect(calls).toEqual(['work 1', 'flaky 1', 'flaky 2', 'flaky 1', 'items', 'flaky 2', 'items']);
    const again: string[] = [];
    calls.length = 0;
    expect(await execute(again)).toEqual(outputs);
    expect(calls).toEqual([]);
    expect(again.sort()).toEqual(first.sort());
  });

  it('fails the attempt where the step fails', async () => {
    const journal = new SteppedJournal(() => Promise.reject(new Error('the host is gone')));
    const result = await startRun(flow([]), { payload: 1, journal }).result;
    expect(result.status).toBe('failed');
    expect(result.diagnostics[0]!.message).toContain('the host is gone');
  });
});
