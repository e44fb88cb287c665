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
    const ticket = await store.put('a->b', value);
    const encoded = encodeCanonical(value);
    expect(ticket).toEqual({
      key: 'spill/r1/a-%3Eb/0',
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
          list.map(([edge, item]) => store.put(edge, item as Value)),
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
    const ticket = await store.put('a->b', 'some text');
    blobs.blobs.set(ticket.key, harm(blobs.blobs.get(ticket.key)!));
    await expect(store.load(ticket)).rejects.toThrow(
      `RUN322: The spilled message spill/r1/a-%3Eb/0 is damaged: ${problem}.`,
    );
  });

  it('notices a blob that is missing', async () => {
    const { blobs, store } = spilling();
    const ticket = await store.put('a->b', 'text');
    blobs.blobs.clear();
    await expect(store.load(ticket)).rejects.toThrow(
      'RUN321: The spilled message spill/r1/a-%3Eb/0 cannot be read: it is not there any more',
    );
  });

  it('says when the store fails, and cleans up once it works again', async () => {
    const { blobs, store } = spilling();
    const kept = await store.put('a->b', 'text');
    blobs.fault = new Error('disk full');
    const cause = blobs.fault;
    await expect(store.put('a->b', 'text')).rejects.toMatchObject({
      cause,
      message: 'RUN320: A message of 5 bytes on the edge a->b cannot be spilled: disk full',
    });
    await expect(store.load(kept)).rejects.toMatchObject({
      cause,
      message: 'RUN321: The spilled message spill/r1/a-%3Eb/0 cannot be read: disk full',
    });
    await expect(store.discard(kept)).rejects.toMatchObject({
      cause,
      message: 'RUN323: The spilled message spill/r1/a-%3Eb/0 cannot be removed: disk full',
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
    await expect(store.put('a->b', (() => 1) as unknown as Value)).rejects.toMatchObject({
      diagnostic: { code: 'DOC034' },
    });
    expect([blobs.blobs.size, store.size]).toEqual([0, 0]);
  });

  it('uses slots again, and removes what is still being written when it is cleared', async () => {
    const { blobs, store } = spilling();
    const first = await store.put('a->b', 1);
    const second = await store.put('a->b', 2);
    await store.discard(first);
    expect((await store.put('a->b', 3)).key).toBe(first.key);
    expect(await store.load(second)).toBe(2);
    const writing = store.put('a->b', 4);
    await store.clear();
    await writing;
    expect([blobs.blobs.size, store.size]).toEqual([0, 0]);
  });
});

describe('a SpillStore that may be opened again', () => {
  const named = (blobs: FaultyBlobs) => new SpillStore(blobs, 'spill/r1', true);

  it('removes what an execution of its name has left, on edges that it uses and on others', async () => {
    const blobs = new FaultyBlobs();
    const lost = named(blobs);
    const count = 100;
    for (const edge of ['a->b', 'b->c']) {
      await Promise.all(Array.from({ length: count }, (_, i) => lost.put(edge, `lost ${i}`)));
    }
    blobs.blobs.set('spill/r2/a-%3Eb/0', new Uint8Array(1));
    expect(blobs.blobs.size).toBe(2 * (count + 1) + 1);
    const store = named(blobs);
    const ticket = await store.put('a->b', 'mine');
    const left = [...blobs.blobs.keys()].filter((key) => key.includes('a-%3Eb'));
    expect(left).toEqual(['spill/r1/a-%3Eb/mark', 'spill/r2/a-%3Eb/0', 'spill/r1/a-%3Eb/0']);
    expect(await store.load(ticket)).toBe('mine');
    await store.clear(['a->b', 'b->c', 'c->d']);
    expect([...blobs.blobs.keys()]).toEqual(['spill/r2/a-%3Eb/0']);
    await named(blobs).clear(['a->b']);
    expect([...blobs.blobs.keys()]).toEqual(['spill/r2/a-%3Eb/0']);
  });

  it.each<[string, Uint8Array]>([
    ['is cut off', new Uint8Array()],
    ['is no number', encodeCanonical({ mark: 8 })],
    ['is negative', encodeCanonical(-8)],
    ['is enormous', encodeCanonical(2 ** 50)],
  ])('goes on where the mark %s', async (_, mark) => {
    const blobs = new FaultyBlobs();
    blobs.blobs.set('spill/r1/a-%3Eb/mark', mark);
    const store = named(blobs);
    const tickets = await Promise.all([1, 2, 3].map((value) => store.put('a->b', value)));
    expect(await Promise.all(tickets.map((ticket) => store.load(ticket)))).toEqual([1, 2, 3]);
    await store.clear(['a->b']);
    expect(blobs.blobs.size).toBe(0);
  });

  it('says when the store fails, and cleans up once it works again', async () => {
    const blobs = new FaultyBlobs();
    await named(blobs).put('a->b', 'lost');
    const store = named(blobs);
    blobs.fault = new Error('disk full');
    await expect(store.put('a->b', 'x')).rejects.toMatchObject({ diagnostic: { code: 'RUN320' } });
    await expect(store.clear(['a->b'])).rejects.toMatchObject({ diagnostic: { code: 'RUN323' } });
    blobs.fault = undefined;
    expect(await store.load(await store.put('a->b', 'kept'))).toBe('kept');
    await store.clear(['a->b']);
    expect(blobs.blobs.size).toBe(0);
  });
});
