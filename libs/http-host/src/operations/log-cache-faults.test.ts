import {
  memoryCache,
  systemClock,
  systemRng,
  type CacheStore,
  type Log,
} from '@basalt/capabilities';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

afterEach(closeServed);

/** A flow whose node is cached in this store. */
const cachedFlow = (cache: CacheStore) =>
  hostedFlow({
    name: 'price',
    node: { cache: { tier: 'disk' } },
    capabilities: { cacheDisk: cache, clock: systemClock(), rng: systemRng() },
  });

/** A store that answers with faults while `down` is set. */
function breakable() {
  const inside = memoryCache();
  const state = { down: false };
  const arrive = () => {
    if (state.down) throw new Error('connection to s3cret-host lost');
  };
  const cache: CacheStore = {
    get: async (key) => (arrive(), inside.get(key)),
    set: async (key, value, options) => (arrive(), inside.set(key, value, options)),
    remove: async (key) => (arrive(), inside.remove(key)),
  };
  return { cache, state };
}

describe('a cache of results whose store fails', () => {
  it('is logged once for many faults and counted each time, and executions go on', async () => {
    const { cache, state } = breakable();
    const lines: unknown[] = [];
    const log: Log = { write: (...line) => void lines.push(line) };
    const { url } = await serve([cachedFlow(cache)], { operations: { log, logRequests: false } });
    const metric = async () =>
      (await send(url, '/metrics')).text.match(/^basalt_host_cache_faults_total.*$/m)?.[0];
    expect((await post(url, '/price', 1)).json()).toBe(1);
    expect([lines, await metric()]).toEqual([[], undefined]);
    state.down = true;
    for (const input of [1, 2, 3]) expect((await post(url, '/price', input)).json()).toBe(input);
    // Each execution reads and writes.
    expect(await metric()).toBe('basalt_host_cache_faults_total{flow="price"} 6');
    const message = 'The disk cache cannot be used (read): connection to s3cret-host lost';
    expect(lines[0]).toEqual(['warn', message, { code: 'RUN351', flow: 'price' }]);
    expect(lines.length).toBeLessThan(6);
  });
});
