import { memoryBlob, type BlobStore } from '@basalt/capabilities';
import type { RunObserver } from '@basalt/executor';
import { s6Spill } from './s6-spill.js';
import { codesOf, observeRun } from './testing/observe-run.js';

const documents = [
  { name: 'small', body: 'x'.repeat(10) },
  { name: 'large', body: 'y'.repeat(2000) },
  { name: 'huge', body: 'z'.repeat(100_000) },
  { name: 'last', body: '' },
];

/** A store in memory that tells which keys came and went, and may hand out other bytes. */
function watchedBlob(alter: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes) {
  const inner = memoryBlob();
  const put: string[] = [];
  const removed: string[] = [];
  const blob: BlobStore = {
    async get(key) {
      const bytes = await inner.get(key);
      return bytes && alter(bytes);
    },
    put(key, value) {
      put.push(key);
      return inner.put(key, value);
    },
    delete(key) {
      removed.push(key);
      return inner.delete(key);
    },
  };
  return { blob, inner, put, removed };
}

const isDocument = (key: string) => key.startsWith('documents/');

test('large messages go through the blob store and are removed from it', async () => {
  const { blob, inner, put, removed } = watchedBlob();
  let spilled = 0;
  const observer: RunObserver = { spilled: () => void (spilled += 1) };
  const { result, values } = await observeRun(
    s6Spill,
    { documents },
    { capabilities: { blob }, observer },
  );
  expect(values).toEqual(documents.map(({ name, body }) => ({ name, bytes: body.length })));
  expect(result.status).toBe('completed');

  const spills = put.filter((key) => !isDocument(key));
  expect(spilled).toBeGreaterThanOrEqual(2);
  expect(spills).toHaveLength(spilled);
  expect([...removed].sort()).toEqual([...spills].sort());
  expect(put.filter(isDocument)).toEqual(documents.map(({ name }) => `documents/${name}`));
  for (const key of spills) expect(await inner.get(key)).toBeUndefined();
  for (const { name, body } of documents) {
    const stored = await inner.get(`documents/${name}`);
    expect(new TextDecoder().decode(stored)).toBe(body);
  }
});

test('a message that comes back altered fails the execution', async () => {
  const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 900 ? byte ^ 1 : byte));
  const { blob } = watchedBlob(flip);
  const { result } = await observeRun(s6Spill, { documents }, { capabilities: { blob } });
  expect([result.status, codesOf(result)[0]]).toEqual(['failed', 'RUN322']);
});

test('without a blob store it is refused before it starts', async () => {
  const { result } = await observeRun(s6Spill, { documents });
  expect([codesOf(result), result.summary.nodes]).toEqual([['CAP101'], []]);
});
