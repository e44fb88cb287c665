import type { BlobStore } from '@basalt/capabilities';
import { encodeCanonical, hashBytes, type Value } from '@basalt/ir';
import fc from 'fast-check';
import { SpillStore } from './spill-store.js';

/** A blob store in memory, whose faults the test chooses. */
class FaultyBlobs implements BlobStore {
  readonly blobs = new Map<string, Uint8Array>();
  fault: Error | undefined;

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#do(() => this.blobs.get(key));
  }

  put(key: string, value: Uint8Array): Promise<void> {
    return this.#do(() => void this.blobs.set(key, value));
  }

  delete(key: string): Promise<boolean> {
    return this.#do(() => this.blobs.delete(key));
  }

  async #do<T>(call: () => T): Promise<T> {
    await null;
    if (this.fault !== undefined) throw this.fault;
    return call();
  }
}

function spilling() {
  const blobs = new FaultyBlobs();
  return { blobs, store: new SpillStore(blobs, 'spill/r1') };
}

const value: Value = {
  text: 'gr\u00fc\u00dfe',
  big: 2n ** 70n,
  list: [1, 2.5, null],
  raw: new Uint8Array(3),
};

describe('SpillStore', () => {
  it('keeps a value outside until it is discarded', async () => {
    const { blobs, store } = spilling();
    const ticket = await store.put('a->b', 7, value);
    const encoded = encodeCanonical(value);
    expect(ticket).toEqual({
      key: 'spill/r1/a-%3Eb/7',
      bytes: encoded.length,
      hash: hashBytes(encoded),
    });
    expect([...blobs.blobs]).toEqual([[ticket.key, encoded]]);
    expect(await store.load(ticket)).toEqual(value);
    expect(await store.load(ticket)).toEqual(value);
    expect(store.size).toBe(1);
    await store.discard(ticket);
    await store.discard(ticket);
    expect([blobs.blobs.size, store.size]).toEqual([0, 0]);
  });

  it('gives back what it was given, whatever it is, under keys of its own', async () => {
    const values = fc.array(
      fc.tuple(fc.string(), fc.oneof(fc.jsonValue(), fc.uint8Array(), fc.bigInt())),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(values, async (list) => {
        const { blobs, store } = spilling();
        const tickets = await Promise.all(
          list.map(([edge, item], seq) => store.put(edge, seq, item as Value)),
        );
        const back = await Promise.all(tickets.map((ticket) => store.load(ticket)));
        expect(back.map(encodeCanonical)).toEqual(list.map(([, v]) => encodeCanonical(v as Value)));
        await store.clear();
        expect(blobs.blobs.size).toBe(0);
      }),
    );
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    ['truncated', (b) => b.slice(0, -1), 'it has 9 bytes instead of 10'],
    ['empty', () => new Uint8Array(), 'it has 0 bytes instead of 10'],
    ['longer', (b) => new Uint8Array([...b, 0]), 'it has 11 bytes instead of 10'],
    ['altered', (b) => b.map((x, i) => (i === 5 ? x ^ 1 : x)), 'its checksum differs'],
  ])('notices a blob that is %s', async (_, harm, problem) => {
    const { blobs, store } = spilling();
    const ticket = await store.put('a->b', 1, 'some text');
    blobs.blobs.set(ticket.key, harm(blobs.blobs.get(ticket.key)!));
    await expect(store.load(ticket)).rejects.toThrow(
      `RUN322: The spilled message spill/r1/a-%3Eb/1 is damaged: ${problem}.`,
    );
  });

  it('notices a blob that is missing', async () => {
    const { blobs, store } = spilling();
    const ticket = await store.put('a->b', 1, 'text');
    blobs.blobs.clear();
    await expect(store.load(ticket)).rejects.toThrow(
      'RUN321: The spilled message spill/r1/a-%3Eb/1 cannot be read: it is not there any more',
    );
  });

  it('says when the store fails, and cleans up once it works again', async () => {
    const { blobs, store } = spilling();
    const kept = await store.put('a->b', 1, 'text');
    blobs.fault = new Error('disk full');
    const cause = blobs.fault;
    await expect(store.put('a->b', 2, 'text')).rejects.toMatchObject({
      cause,
      message: 'RUN320: A message of 5 bytes on the edge a->b cannot be spilled: disk full',
    });
    await expect(store.load(kept)).rejects.toMatchObject({
      cause,
      message: 'RUN321: The spilled message spill/r1/a-%3Eb/1 cannot be read: disk full',
    });
    await expect(store.discard(kept)).rejects.toMatchObject({
      cause,
      message: 'RUN323: The spilled message spill/r1/a-%3Eb/1 cannot be removed: disk full',
    });
    await expect(store.clear()).rejects.toMatchObject({
      diagnostics: [
        { code: 'RUN323', severity: 'warning' },
        { code: 'RUN323', severity: 'warning' },
      ],
    });
    blobs.fault = undefined;
    expect(await store.load(kept)).toBe('text');
    await store.clear();
    expect([blobs.blobs.size, store.size]).toEqual([0, 0]);
  });

  it('refuses what is not a value before anything is written', async () => {
    const { blobs, store } = spilling();
    await expect(store.put('a->b', 1, (() => 1) as unknown as Value)).rejects.toMatchObject({
      diagnostic: { code: 'DOC034' },
    });
    expect([blobs.blobs.size, store.size]).toEqual([0, 0]);
  });
});
