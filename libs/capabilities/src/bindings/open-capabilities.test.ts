import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, temporaryFolder } from '../../test/store-fixture.js';
import { VirtualClock } from '../clock/virtual-clock.js';
import { startRedisServer } from '@basalt/test-servers';
import { seededRng } from '../rng/seeded-rng.js';
import { generateLock } from './generate-lock.js';
import { openCapabilities } from './open-capabilities.js';
import { verifyLock } from './verify-lock.js';

const flowId = '2d25af79-7d05-5ede-b8e3-b3698f01adf5';
const one = Uint8Array.of(1);
let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

describe('openCapabilities', () => {
  it('gives clock, randomness and log without a binding, and nothing else', async () => {
    const { capabilities, close } = await openCapabilities([], flowId);
    expect(Object.keys(capabilities).sort()).toEqual(['clock', 'log', 'rng']);
    await close();
  });

  it('keeps results of a tier in the cache of that kind, unless another is bound for it', async () => {
    const folders = ['cache=disk:./one', 'cache.disk=disk:./two'];
    const named = async (binds: string[]) => {
      const { capabilities, close } = await openCapabilities(binds, flowId, { baseFolder: folder });
      await capabilities.cache?.set('from', one);
      const found = (await capabilities.cacheDisk?.get('from'))?.length;
      await close();
      return [Object.keys(capabilities).sort().join(' '), found];
    };
    expect(await named(['cache=memory'])).toEqual(['cache clock log rng', undefined]);
    expect(await named(folders.slice(0, 1))).toEqual(['cache cacheDisk clock log rng', 1]);
    expect(await named(folders.slice(1))).toEqual(['cacheDisk clock log rng', undefined]);
    expect(await named(folders)).toEqual(['cache cacheDisk clock log rng', undefined]);
  });

  it('opens Redis with a password that a variable holds', async () => {
    const server = await startRedisServer({ args: ['--requirepass', 'open sesame'] });
    const lines: string[] = [];
    const binds = ['kv', 'dedupe', 'cache', 'cache.redis'].map(
      (name) => `${name}=redis:${server.url},password=REDIS_PASSWORD`,
    );
    const environment = { REDIS_PASSWORD: 'open sesame' };
    const options = { environment, logSink: (line: string) => void lines.push(line) };
    const { capabilities, close } = await openCapabilities(binds, flowId, options);
    await capabilities.kv!.put('k', one);
    await capabilities.cacheRedis!.set('k', one);
    expect([
      await capabilities.kv!.get('k'),
      await capabilities.cache!.get('k'),
      await capabilities.dedupe!.putIfAbsent('k', 1000),
    ]).toEqual([one, one, true]);
    capabilities.log!.write('error', 'open sesame');
    expect(lines[0]).toMatch(/"message":"\[redacted\]"/);
    await close();
    expect(await codeOf(openCapabilities(binds, flowId, { environment: {} }))).toBe('BIND017');
    const wrong = { environment: { REDIS_PASSWORD: 'guess' } };
    expect(await codeOf(openCapabilities(binds, flowId, wrong))).toBe('CAP130');
    await server.stop();
  });

  it('opens every kind', async () => {
    await mkdir(join(folder, 'files'));
    const lines: string[] = [];
    const disk = ['kv', 'blob', 'queue', 'dedupe', 'cache'].map((name) => `${name}=disk:./store`);
    const clock = new VirtualClock();
    const rng = seededRng(1);
    const options = {
      baseFolder: folder,
      clock,
      rng,
      environment: { API_KEY: 'hidden-value', OTHER: 'x' },
      logSink: (line: string) => void lines.push(line),
    };
    const others = ['http=undici', 'secrets=env:API_KEY', 'fs=disk:./files', 'log=stderr:debug'];
    const { capabilities, close } = await openCapabilities([...disk, ...others], flowId, options);
    expect(Object.keys(capabilities).sort()).toEqual(
      'blob cache cacheDisk clock dedupe fs httpRead httpWrite kv log queue rng secrets'.split(' '),
    );
    expect([capabilities.clock, capabilities.rng]).toEqual([clock, rng]);
    await capabilities.kv!.put('k', one, { ttlMs: 10 });
    clock.advance(10);
    expect(await capabilities.kv!.get('k')).toBeUndefined();
    await capabilities.fs!.write('a', one);
    expect([...(await readFile(join(folder, 'files', 'a')))]).toEqual([1]);
    capabilities.log!.write('debug', `key ${(await capabilities.secrets!.get('API_KEY'))!}`);
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.010Z","level":"debug","message":"key [redacted]"}\n',
    ]);
    const get = { method: 'GET', url: 'http://127.0.0.1:1/' };
    expect(await codeOf(capabilities.httpRead!.send(get))).toBe('EGRESS103');
    expect(await codeOf(capabilities.httpWrite!.send(get))).toBe('EGRESS103');
    await close();
    expect(await codeOf(capabilities.kv!.get('k'))).toBe('CAP108');
  });

  it('opens the memory kinds', async () => {
    const binds = ['kv', 'blob', 'queue', 'dedupe', 'cache'].map((name) => `${name}=memory`);
    const { capabilities, close } = await openCapabilities(binds, flowId);
    await capabilities.blob!.put('b', one);
    await capabilities.cache!.set('c', one);
    await capabilities.queue!.enqueue('q', one);
    const found = [
      await capabilities.blob!.get('b'),
      await capabilities.cache!.get('c'),
      await capabilities.queue!.dequeue('q'),
      await capabilities.dedupe!.putIfAbsent('d', 1),
      await capabilities.kv!.get('k'),
    ];
    expect(found).toEqual([one, one, one, true, undefined]);
    await close();
  });

  it('opens what a lock says, one provider an instance', async () => {
    const { text } = generateLock({
      flowId,
      requiredHints: ['resource::kv::read', 'resource::kv::write', 'resource::http::read'],
      binds: ['kv=disk:./store', 'http=undici:api.example.com'],
    });
    const first = await openCapabilities(verifyLock(text), flowId, { baseFolder: folder });
    expect(Object.keys(first.capabilities).sort()).toEqual([
      'clock',
      'httpRead',
      'kv',
      'log',
      'rng',
    ]);
    await first.capabilities.kv!.put('k', one);
    await first.close();
    const second = await openCapabilities(verifyLock(text), flowId, { baseFolder: folder });
    expect(await second.capabilities.kv!.get('k')).toEqual(one);
    const outside = { method: 'GET', url: 'https://other.example.org/' };
    expect(await codeOf(second.capabilities.httpRead!.send(outside))).toBe('EGRESS102');
    await second.close();
  });

  it('refuses other flows, and closes what it opened when a provider cannot be', async () => {
    const { lock } = generateLock({ flowId, requiredHints: [], binds: [] });
    expect(await codeOf(openCapabilities(lock, 'another'))).toBe('BIND014');
    const options = { baseFolder: folder };
    const binds = ['kv=disk:./store', 'fs=disk:./missing'];
    expect(await codeOf(openCapabilities(binds, flowId, options))).toBe('CAP105');
    const bad = { hint: 'resource::kv', kind: 'kv.disk', connect: {}, config: {} };
    expect(await codeOf(openCapabilities([bad], flowId, options))).toBe('BIND005');
    expect(await codeOf(openCapabilities(['kv=memory', 'kv=disk:./x'], flowId))).toBe('BIND006');
  });
});
