import type { NodeContext, RunObserver } from '@basalt/executor';
import { compileHostedFlows, type HostedFlow } from './hosted-flow.js';
import { RunHub, SHUTDOWN_REASON, type HubRun } from './run-hub.js';
import { hostedFlow } from './testing/hosted-flows.js';

const origin = { client: 'me', source: 'test' };
const compile = (flow: HostedFlow) => compileHostedFlows([flow])[0]!;

/** A flow that ends when it is let go, or with its signal. */
function held() {
  const releases: (() => void)[] = [];
  const run = (input: unknown, { signal }: NodeContext) =>
    new Promise<never>((resolve, reject) => {
      releases.push(() => resolve(input as never));
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  const flow = compile(hostedFlow({ name: 'held', run }));
  return { flow, release: () => releases.shift()?.() };
}

const codeOf = (error: unknown) => (error as { diagnostic: { code: string } }).diagnostic.code;
const fails = async (start: () => unknown) => {
  try {
    await start();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
};

describe('the run hub', () => {
  it('starts what there is a place for, lets some wait, and refuses the rest', async () => {
    const hub = new RunHub({ maxConcurrentRuns: 1, maxQueuedRuns: 1, retryAfterSeconds: 7 });
    const { flow, release } = held();
    const first = await hub.start(flow, { payload: 1 }, origin);
    const second = hub.start(flow, { payload: 2 }, origin);
    expect([hub.inFlight, hub.queued, hub.isOverloaded]).toEqual([1, 1, true]);
    const refused = await Promise.resolve()
      .then(() => hub.start(flow, { payload: 3 }, origin))
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      diagnostic: { code: 'HTTP150', details: { retry_after_s: 7 } },
    });
    release();
    expect((await first.result).output).toBe(1);
    const run = await second;
    release();
    expect((await run.result).output).toBe(2);
    expect([hub.inFlight, hub.queued, hub.active().length]).toEqual([0, 0, 0]);
  });

  it('refuses what has waited too long', async () => {
    const hub = new RunHub({ maxConcurrentRuns: 1, maxQueueWaitMs: 5 });
    const { flow, release } = held();
    const first = await hub.start(flow, { payload: 1 }, origin);
    expect(await fails(() => hub.start(flow, { payload: 2 }, origin))).toBe('HTTP150');
    release();
    await first.result;
    expect([hub.inFlight, hub.queued]).toEqual([0, 0]);
  });

  it('sets one deadline in place of those of triggers, but of none that is given', async () => {
    const waits = (_input: unknown, { signal }: NodeContext) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const flow = compile(hostedFlow({ name: 'waits', run: waits, trigger: { deadline_ms: 6 } }));
    const findings = async (hub: RunHub, given = {}) => {
      const run = await hub.start(flow, { payload: 1, ...given }, origin);
      return (await run.result).diagnostics.map(({ message }) => message);
    };
    const over = (ms: number) => [`The execution took longer than its limit of ${ms} ms.`];
    expect(await findings(new RunHub())).toEqual(over(6));
    expect(await findings(new RunHub({ deadlineMs: 5 }))).toEqual(over(5));
    expect(await findings(new RunHub({ deadlineMs: 5 }), { deadlineMs: 7 })).toEqual(over(7));
  });

  it('shows each execution to those who listen', async () => {
    const hub = new RunHub();
    const entries: HubRun[] = [];
    const seen: string[] = [];
    hub.onRun((entry) => {
      entries.push(entry);
      const observer: RunObserver = { nodeStarted: (_run, { alias }) => void seen.push(alias) };
      return observer;
    });
    hub.onRun(() => undefined);
    const flow = compile(hostedFlow({ name: 'echo' }));
    const labels = { a: 'b' };
    const invoke = { payload: 'x', trigger: 'trigger', metadata: { labels } };
    const run = await hub.start(flow, invoke, origin);
    expect(await run.output).toBe('x');
    const [{ id, trigger, client, source, labels: shown }] = entries as [HubRun];
    expect({ id, trigger, client, source, shown }).toEqual({
      id: run.id,
      trigger: 'trigger',
      client: 'me',
      source: 'test',
      shown: labels,
    });
    expect(entries[0]!.flow).toBe(flow);
    expect(seen).toEqual(['trigger', 'respond']);
  });

  it('drains: refuses what is new, waits, then cancels', async () => {
    const hub = new RunHub({ maxConcurrentRuns: 1 });
    const { flow } = held();
    const run = await hub.start(flow, { payload: 1 }, origin);
    const waiting = fails(() => hub.start(flow, { payload: 2 }, origin));
    const drained = hub.drain(5);
    expect(await waiting).toBe('HTTP151');
    expect(await fails(() => hub.start(flow, { payload: 3 }, origin))).toBe('HTTP151');
    await drained;
    const { status, diagnostics } = await run.result;
    expect([status, diagnostics[0]!.message]).toEqual([
      'cancelled',
      `The execution ${run.id} was cancelled: ${SHUTDOWN_REASON}.`,
    ]);
    expect(hub.inFlight).toBe(0);
  });

  it('shares the cached results of a flow between its executions', async () => {
    let calls = 0;
    const run = () => (calls += 1);
    const cache = { tier: 'memory' as const };
    const flow = compile(hostedFlow({ name: 'cached', run, node: { cache } }));
    const hub = new RunHub();
    hub.onRun(() => ({}));
    for (const payload of [1, 1, 2]) {
      await (
        await hub.start(flow, { payload }, origin)
      ).output;
    }
    expect(calls).toBe(2);
  });
});
