import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeContext } from '@basalt/executor';
import { flowId } from '@basalt/ir';
import type { RunChange, StartedRun } from '@basalt/run-viewer';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';
import { viewerPages, type ViewerPages } from '../testing/viewer-pages.js';

let pages: ViewerPages;
beforeAll(() => (pages = viewerPages()));
afterAll(() => pages.remove());
const controllers: AbortController[] = [];
afterEach(async () => {
  for (const controller of controllers.splice(0)) controller.abort();
  await closeServed();
});

interface Received {
  readonly event: string;
  readonly id: string | undefined;
  readonly change: RunChange;
}

/** Streams so many values, one a millisecond. */
const ticking = (count: number) =>
  hostedFlow({
    name: 'ticking',
    run: async function* (_input: unknown, { signal }: NodeContext) {
      for (let i = 0; i < count; i += 1) {
        await sleep(1, undefined, { signal });
        yield i;
      }
    } as never,
  });

async function started(count: number, more = {}) {
  const { url } = await serve([ticking(count)], {
    viewer: { directory: pages.directory, ...more },
  });
  return { url, id: await start(url) };
}

async function start(url: string): Promise<string> {
  const path = `/_flows/api/flows/${flowId('ticking', '1.0.0')}/runs`;
  const answer = await post(url, path, {}, { 'x-basalt-viewer': '1' });
  return (answer.json() as StartedRun).run_id;
}

async function* events(url: string, id: string, last?: string): AsyncGenerator<Received> {
  const controller = new AbortController();
  controllers.push(controller);
  const response = await fetch(`${url}/_flows/api/runs/${id}/events`, {
    headers: last === undefined ? {} : { 'last-event-id': last },
    signal: controller.signal,
  });
  const stream = response
    .body!.pipeThrough(new TextDecoderStream() as never)
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, id: version, data } of stream as unknown as AsyncIterable<{
    event: string;
    id: string | undefined;
    data: string;
  }>) {
    yield { event, id: version, change: JSON.parse(data) as RunChange };
  }
}

async function all(stream: AsyncGenerator<Received>): Promise<Received[]> {
  const found: Received[] = [];
  for await (const one of stream) found.push(one);
  return found;
}

describe('watching a run', () => {
  it('gathers what happens, and ends with the run', async () => {
    const { url, id } = await started(300);
    const found = await all(events(url, id));
    expect(found.at(-1)).toMatchObject({ event: 'end' });
    const changes = found.slice(0, -1);
    expect(changes.every(({ event }) => event === 'change')).toBe(true);
    // 300 values came in 300 ms and more, with several changes each; ten events a second are sent.
    expect(changes.length).toBeLessThan(60);
    expect(changes.length).toBeGreaterThan(2);
    const { change } = changes.at(-1)!;
    expect(change.run).toMatchObject({ id, status: 'completed' });
    expect(change.nodes.find(({ alias }) => alias === 'respond')).toMatchObject({
      state: 'ok',
      emitted: 300,
    });
    // Each event goes on where the last one ended.
    const indices = changes.flatMap((one) => one.change.events.map(({ index }) => index));
    expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
  });

  it('goes on after the last event that was seen', async () => {
    const { url, id } = await started(400);
    const stream = events(url, id);
    const first = (await stream.next()).value as Received;
    controllers.at(-1)!.abort();
    await stream.next().catch(() => undefined);
    const rest = await all(events(url, id, first.id));
    const seen = new Set(first.change.events.map(({ index }) => index));
    for (const { event, change } of rest) {
      if (event !== 'change') continue;
      expect(change.version).toBeGreaterThan(first.change.version);
      for (const { index } of change.events) expect(seen.has(index)).toBe(false);
    }
    expect(rest.at(-1)!.event).toBe('end');
  });

  it('sends everything to whoever knows a version of another start', async () => {
    const { url, id } = await started(1);
    await all(events(url, id));
    const [change, end] = await all(events(url, id, '999999'));
    expect(change!.change.events.map(({ kind }) => kind)).toContain('started');
    expect(end!.event).toBe('end');
  });

  it('says when the run is forgotten', async () => {
    const { url, id } = await started(100_000, { maxRuns: 1 });
    const stream = events(url, id);
    await stream.next();
    await start(url);
    let last: Received | undefined;
    for await (const one of stream) last = one;
    expect(last!.event).toBe('gone');
  });

  it('refuses more pages than it may serve (VIEW009), and versions that are none', async () => {
    const { url, id } = await started(100_000, { maxWatchers: 1 });
    const stream = events(url, id);
    await stream.next();
    const path = `/_flows/api/runs/${id}/events`;
    const refused = await send(url, path);
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
    expect(refused.json()).toMatchObject({ code: 'VIEW009' });
    controllers.at(-1)!.abort();
    await stream.next().catch(() => undefined);
    for (let tries = 0; ; tries += 1) {
      const bad = await send(url, path, { headers: { 'last-event-id': 'x' } });
      expect(bad.json()).toMatchObject({ code: 'VIEW003' });
      const again = events(url, id);
      const got = await again.next().catch(() => undefined);
      if (got?.value !== undefined) break;
      expect(tries).toBeLessThan(50);
      await sleep(20);
    }
  });
});
