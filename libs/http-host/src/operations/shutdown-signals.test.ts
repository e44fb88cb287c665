import { EventEmitter } from 'node:events';
import { jsonLog } from '@basalt/capabilities';
import type { NodeContext } from '@basalt/executor';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';
import { closeOnSignals } from './shutdown-signals.js';

afterEach(closeServed);

/** A flow that runs until it is cancelled, and says when it has cleaned up. */
function endless() {
  const cleaned: string[] = [];
  let started = () => {};
  const begun = new Promise<void>((resolve) => (started = resolve));
  const flow = hostedFlow({
    name: 'endless',
    run: (_input: unknown, { signal }: NodeContext) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          cleaned.push('cleaned up');
          resolve(null);
        });
        started();
      }),
  });
  return { flow, cleaned, begun };
}

/** Stands for the process, whose signals would end the tests. */
class Signals extends EventEmitter {
  raise(signal: string): void {
    this.emit(signal, signal);
  }
}
const sourceOf = (signals: Signals) => signals as unknown as Pick<NodeJS.Process, 'on' | 'off'>;

describe('closeOnSignals', () => {
  it('lets executions end on the first signal', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const flow = hostedFlow({
      name: 'slow',
      run: async () => {
        begin();
        await gate;
        return 'whole';
      },
    });
    const { host, url } = await serve([flow], { drainMs: 60_000 });
    const signals = new Signals();
    const ended = closeOnSignals(host, { source: sourceOf(signals) });
    const answer = post(url, '/slow', null);
    await begun;
    signals.raise('SIGTERM');
    release();
    expect((await answer).json()).toBe('whole');
    expect(await ended).toBe(1);
    expect(signals.eventNames()).toEqual([]);
    await expect(send(url, '/healthz')).rejects.toThrow('ECONNREFUSED');
  });

  it('cancels them on the second, and lets them clean up', async () => {
    const { flow, cleaned, begun } = endless();
    const { host, url } = await serve([flow], { drainMs: 60_000 });
    const signals = new Signals();
    const lines: string[] = [];
    const log = jsonLog({ sink: (line) => lines.push(line) });
    const ended = closeOnSignals(host, { source: sourceOf(signals), log });
    const answer = post(url, '/endless', null);
    await begun;
    signals.raise('SIGINT');
    expect(cleaned).toEqual([]);
    signals.raise('SIGINT');
    const { status } = await answer;
    expect([status, cleaned, await ended]).toEqual([503, ['cleaned up'], 2]);
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'stopping',
      'stopping now',
    ]);
  });

  it('cancels what is left when the time to stop is over, and says so', async () => {
    const { flow, cleaned, begun } = endless();
    const lines: string[] = [];
    const log = jsonLog({ sink: (line) => lines.push(line) });
    const { host, url } = await serve([flow], { drainMs: 30, operations: { log } });
    const answer = post(url, '/endless', null);
    await begun;
    await host.close();
    const { status, headers } = await answer;
    expect([status, cleaned]).toEqual([503, ['cleaned up']]);
    const [warning] = lines.map((line) => JSON.parse(line) as { message: string; fields: object });
    expect([warning!.message, warning!.fields]).toEqual([
      '1 runs were still under way 30 ms after the host began to stop, and were cancelled.',
      { code: 'HTTP214', run_ids: [headers['x-basalt-run-id']] },
    ]);
  });
});
