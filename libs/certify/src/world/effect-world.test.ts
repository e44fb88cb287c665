import type { CallOrigin } from './effect-call.js';
import { EffectWorld } from './effect-world.js';
import { parseWorldState } from './world-state.js';

const origin: CallOrigin = {
  run: 'input-1~2',
  node: 'charge',
  compensation: false,
  key: 'KEY',
  input: 'hash',
  late: false,
};
const bytes = (text: string) => new TextEncoder().encode(text);
const post = (headers: Record<string, string>, url = 'https://pay.example.com/x') => ({
  capability: 'httpWrite' as const,
  operation: 'send',
  args: [{ method: 'POST', url, headers, body: bytes('40') }],
  origin,
});

test('a request with its key acts once and is answered in the same way', () => {
  const world = new EffectWorld();
  const first = world.apply(post({ 'Idempotency-Key': 'KEY' }));
  const second = world.apply(post({ 'Idempotency-Key': 'KEY' }));
  expect(second.answer).toEqual(first.answer);
  expect(
    world.effects.map(({ seq, job, acted, carriesKey, kind, target }) => [
      seq,
      job,
      acted,
      carriesKey,
      kind,
      target,
    ]),
  ).toEqual([
    [1, 'input-1', true, true, 'event', 'POST https://pay.example.com/x'],
    [2, 'input-1', false, true, 'event', 'POST https://pay.example.com/x'],
  ]);
});

test('a request without its key acts each time', () => {
  const world = new EffectWorld();
  world.apply(post({}));
  world.apply(post({}));
  expect(world.effects.map(({ acted, carriesKey }) => [acted, carriesKey])).toEqual([
    [true, false],
    [true, false],
  ]);
});

test('what reads, what the executor does and what tells repeats are no effects', () => {
  const world = new EffectWorld({ kv: { a: '1' }, http: [{ url: 'https://x/*', body: { n: 1 } }] });
  const ask = (
    capability: 'kv' | 'dedupe' | 'blob' | 'httpRead' | 'queue',
    operation: string,
    ...args: unknown[]
  ) => world.apply({ capability, operation, args, origin }).answer;
  expect(ask('kv', 'get', 'a')).toEqual(bytes('1'));
  expect([ask('dedupe', 'putIfAbsent', 'k', 1), ask('dedupe', 'putIfAbsent', 'k', 1)]).toEqual([
    true,
    false,
  ]);
  expect(ask('httpRead', 'send', { method: 'GET', url: 'https://x/items' })).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: bytes('{"n":1}'),
  });
  expect(ask('queue', 'size', 'q')).toBe(0);
  const spill = { capability: 'blob' as const, operation: 'put', args: ['s', bytes('x')] };
  world.apply({ ...spill, origin: undefined });
  expect(ask('blob', 'get', 's')).toEqual(bytes('x'));
  expect(world.effects).toEqual([]);
});

test('queues, files and stores keep what they are given', () => {
  const world = new EffectWorld({ fs: { 'in/a.csv': 'x' } });
  const ask = (capability: 'fs' | 'queue' | 'kv', operation: string, ...args: unknown[]) =>
    world.apply({ capability, operation, args, origin }).answer;
  ask('queue', 'enqueue', 'q', bytes('1'));
  ask('fs', 'write', 'in/b.csv', bytes('y'));
  ask('kv', 'put', 'k', bytes('v'));
  expect(ask('queue', 'dequeue', 'q')).toEqual(bytes('1'));
  expect(ask('fs', 'list', 'in')).toEqual(['in/a.csv', 'in/b.csv']);
  expect(() => ask('fs', 'read', 'none')).toThrow('there is no file none');
  expect([ask('kv', 'delete', 'k'), ask('kv', 'delete', 'k')]).toEqual([true, false]);
  expect(() => ask('kv', 'explode')).toThrow('the world has no kv.explode');
  expect(world.effects.map(({ operation, kind }) => [operation, kind])).toEqual([
    ['enqueue', 'event'],
    ['write', 'state'],
    ['put', 'state'],
    ['dequeue', 'event'],
    ['delete', 'state'],
    ['delete', 'state'],
  ]);
});

test('a world file', () => {
  const text = '{"kv":{"a":"1"},"http":[{"method":"GET","url":"https://x/*","status":404}]}';
  expect(parseWorldState(text, 'world.json')).toEqual(JSON.parse(text));
});

test.each([
  ['{', 'world.json does not describe a world'],
  ['[]', 'it is no object'],
  ['{"files":{}}', 'it has no member files; there are kv, blob, fs, secrets and http'],
  ['{"kv":{"a":1}}', 'kv is no object of texts'],
  ['{"http":{}}', 'http is no list'],
  ['{"http":[{"url":"x"},{"status":200}]}', 'http/1 is no '],
  ['{"http":[{"url":"x","status":"ok"}]}', 'http/0 is no '],
])('CERT105: %s', (text, reason) => {
  expect(() => parseWorldState(text, 'world.json')).toThrow(
    expect.objectContaining({
      diagnostic: expect.objectContaining({
        code: 'CERT105',
        message: expect.stringContaining(reason) as unknown,
      }) as unknown,
    }),
  );
});
