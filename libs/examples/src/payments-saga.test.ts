import { memoryKv, type KeyValueStore } from '@basalt/capabilities';
import { paymentsSaga } from './payments-saga.js';
import { codesOf, observeRun } from './testing/observe-run.js';

const order = { id: 'o-1', item: 'lamp', amount: 40, deliverable: true };

/** A store that tells what was written and deleted, in order; `fail` may refuse a write. */
function watchedKv(fail: (key: string) => boolean = () => false) {
  const inner = memoryKv();
  const calls: string[] = [];
  const kv: KeyValueStore = {
    get: (key) => inner.get(key),
    put(key, value) {
      calls.push(`put ${key}`);
      if (fail(key)) return Promise.reject(new Error('the card terminal is busy'));
      return inner.put(key, value);
    },
    delete(key) {
      calls.push(`delete ${key}`);
      return inner.delete(key);
    },
  };
  const read = async (key: string) => {
    const bytes = await inner.get(key);
    return bytes && new TextDecoder().decode(bytes);
  };
  return { kv, calls, read };
}

test('a deliverable order is reserved, charged and shipped', async () => {
  const { kv, calls, read } = watchedKv();
  const { result, values } = await observeRun(paymentsSaga, order, { capabilities: { kv } });
  expect([result.status, values]).toEqual(['completed', [{ order, parcel: 'P-o-1' }]]);
  expect(calls).toEqual(['put stock/o-1', 'put charge/o-1', 'put parcel/o-1']);
  expect(await read('charge/o-1')).toMatch(/^40 [0-9a-f]{64}$/);
});

test('one that nobody delivers is undone, last first', async () => {
  const { kv, calls, read } = watchedKv();
  const compensated: string[] = [];
  const { result, values } = await observeRun(
    paymentsSaga,
    { ...order, deliverable: false },
    {
      capabilities: { kv },
      observer: { compensated: (_run, { alias }, ok) => void compensated.push(`${alias} ${ok}`) },
    },
  );
  expect([result.status, values]).toEqual(['failed', []]);
  expect(result.diagnostics[0]!.message).toContain('nobody delivers to order o-1');
  expect(calls).toEqual(['put stock/o-1', 'put charge/o-1', 'put refund/o-1', 'delete stock/o-1']);
  expect(compensated).toEqual(['charge true', 'reserve true']);
  expect([await read('stock/o-1'), await read('refund/o-1')]).toEqual([undefined, '40']);
});

test('a charge is tried three times, with one key', async () => {
  let refusals = 2;
  const { kv, calls } = watchedKv((key) => key.startsWith('charge/') && refusals-- > 0);
  const { result } = await observeRun(paymentsSaga, order, { capabilities: { kv } });
  expect(result.status).toBe('completed');
  expect(calls.filter((call) => call === 'put charge/o-1')).toHaveLength(3);
});

test('a charge that never succeeds gives the stock back and refunds nothing', async () => {
  const { kv, calls } = watchedKv((key) => key.startsWith('charge/'));
  const { result } = await observeRun(paymentsSaga, order, { capabilities: { kv } });
  expect(result.status).toBe('failed');
  expect(calls).toEqual([
    'put stock/o-1',
    'put charge/o-1',
    'put charge/o-1',
    'put charge/o-1',
    'delete stock/o-1',
  ]);
});

test.each([0, -1])('refuses the amount %d', async (amount) => {
  const { kv, calls } = watchedKv();
  const { result } = await observeRun(paymentsSaga, { ...order, amount }, { capabilities: { kv } });
  expect([codesOf(result), calls]).toEqual([['RUN116'], []]);
});
