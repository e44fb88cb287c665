import { memoryDedupe, memoryKv, VirtualClock, type KeyValueStore } from '@basalt/capabilities';
import { idempotencyKey } from '@basalt/ir';
import { webhookDedupe } from './webhook-dedupe.js';
import { codesOf, observeRun } from './testing/observe-run.js';

const paid = { id: 'a', kind: 'paid' };
const sent = { id: 'b', kind: 'sent' };

/** One store for several executions, which tells every write. */
function store() {
  const inner = memoryKv();
  const written: string[] = [];
  const kv: KeyValueStore = {
    get: (key) => inner.get(key),
    put(key, value) {
      written.push(`${key}=${new TextDecoder().decode(value)}`);
      return inner.put(key, value);
    },
    delete: (key) => inner.delete(key),
  };
  const clock = new VirtualClock();
  return { clock, written, capabilities: { kv, dedupe: memoryDedupe({ clock }) } };
}

test('an event that comes twice in one delivery is recorded once', async () => {
  const { capabilities, written } = store();
  const { result, values } = await observeRun(
    webhookDedupe,
    { events: [paid, sent, paid, paid] },
    { capabilities },
  );
  expect(result.status).toBe('completed');
  expect(values.map((value) => (value as { id: string }).id)).toEqual(['a', 'b']);
  expect(written).toEqual(['events/a=paid', 'events/b=sent']);
});

test('an event that comes again in a later delivery is recorded once, for a day', async () => {
  const { capabilities, clock, written } = store();
  const deliver = async (...events: (typeof paid)[]) =>
    (await observeRun(webhookDedupe, { events }, { capabilities })).values.length;
  expect(await deliver(paid)).toBe(1);
  expect(await deliver(paid, sent)).toBe(1);
  clock.advance(86_399_999);
  expect(await deliver(paid)).toBe(0);
  clock.advance(1);
  expect(await deliver(paid)).toBe(1);
  expect(written).toEqual(['events/a=paid', 'events/b=sent', 'events/a=paid']);
});

test('the key of an event is that of the published format', async () => {
  const { capabilities } = store();
  const { values } = await observeRun(webhookDedupe, { events: [paid] }, { capabilities });
  const flow = webhookDedupe.ir.id;
  const key = idempotencyKey({ flow, node: 'record', fields: { '/id': 'a' } });
  expect(values).toEqual([{ id: 'a', key }]);
});

test('refuses an event without an id', async () => {
  const { capabilities, written } = store();
  const events = [paid, { id: '', kind: 'paid' }];
  const { result } = await observeRun(webhookDedupe, { events }, { capabilities });
  expect([codesOf(result), written]).toEqual([['RUN116'], []]);
});

test('without a dedupe store it is refused before it starts', async () => {
  const { result } = await observeRun(
    webhookDedupe,
    { events: [] },
    { capabilities: { kv: memoryKv() } },
  );
  expect(codesOf(result)).toEqual(['CAP101']);
});
