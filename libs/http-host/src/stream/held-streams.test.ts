// Streams whose reader left: they wait for it, but not in the way of others, and not without bound.
import { closeServed, serve } from '../testing/hosted-flows.js';
import { countingFlow, readUntil, startCount, until } from '../testing/counting-flow.js';

afterEach(closeServed);

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

/** Starts an execution without end, reads its first event, and leaves. */
async function startAndLeave(url: string): Promise<string> {
  const leave = new AbortController();
  const response = await startCount(url, 1e9, {}, leave.signal);
  await readUntil(response, 'data: 1\n');
  leave.abort();
  return response.headers.get('x-basalt-run-id')!;
}

async function resumeStatus(url: string, runId: string): Promise<number> {
  const leave = new AbortController();
  const headers = { 'last-event-id': `${runId}/1` };
  const { status } = await startCount(url, 1e9, headers, leave.signal);
  leave.abort();
  return status;
}

describe('a stream whose reader left', () => {
  it('gives its place to an execution that finds none', async () => {
    const { flow, seen } = countingFlow('count', tick);
    const options = { maxConcurrentRuns: 1, maxQueuedRuns: 0, resumeGraceMs: 600_000 };
    const { url } = await serve([flow], options);
    const runId = await startAndLeave(url);
    let next: Response;
    do next = await startCount(url, 3);
    while (next.status === 503);
    expect([next.status, (await next.text()).includes('data: 3\n')]).toEqual([200, true]);
    expect(seen.cancelled).toBe(1);
    expect(await resumeStatus(url, runId)).toBe(410);
  });

  it('keeps its place from nobody while its reader is there', async () => {
    const { flow } = countingFlow('count', tick);
    const { url } = await serve([flow], { maxConcurrentRuns: 1, maxQueuedRuns: 0 });
    const leave = new AbortController();
    const first = await startCount(url, 1e9, {}, leave.signal);
    const refused = await startCount(url, 1);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    leave.abort();
    await first.body?.cancel().catch(() => undefined);
  });

  it('is given up when too many wait, the one that waits longest first', async () => {
    const { flow, seen } = countingFlow('count', tick);
    const { url } = await serve([flow], { maxHeldStreams: 1, resumeGraceMs: 600_000 });
    const first = await startAndLeave(url);
    const second = await startAndLeave(url);
    await until(() => seen.cancelled === 1);
    expect([await resumeStatus(url, first), await resumeStatus(url, second)]).toEqual([410, 200]);
  });
});
