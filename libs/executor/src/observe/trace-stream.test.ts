import { TraceStream } from './trace-stream.js';

const event = (n: number) => ({ name: 'x'.repeat(20), n });

describe('TraceStream', () => {
  it('writes a JSON array in chunks to a synchronous sink', async () => {
    const chunks: string[] = [];
    const stream = new TraceStream({ write: (t) => void chunks.push(t) }, { chunkChars: 100 });
    for (let n = 0; n < 10; n += 1) stream.add(event(n));
    await stream.close();
    expect(JSON.parse(chunks.join(''))).toEqual(Array.from({ length: 10 }, (_, n) => event(n)));
    expect(chunks.length).toBeGreaterThan(2);
    expect(stream.dropped).toBe(0);
  });

  it('writes an empty array when nothing happened', async () => {
    const chunks: string[] = [];
    await new TraceStream({ write: (t) => void chunks.push(t) }).close();
    expect(chunks).toEqual(['[\n]\n']);
  });

  it('waits for a slow sink, one write at a time, and drops what has no room', async () => {
    const written: string[] = [];
    const release: (() => void)[] = [];
    let most = 0;
    const sink = {
      write(text: string) {
        written.push(text);
        return new Promise<void>((resolve) => {
          release.push(resolve);
          most = Math.max(most, release.length);
        });
      },
    };
    const stream = new TraceStream(sink, { chunkChars: 1, maxPendingChars: 120 });
    for (let n = 0; n < 20; n += 1) stream.add(event(n));
    expect(written.length).toBe(1);
    const closed = stream.close();
    for (let open = true; open;) {
      release.shift()?.();
      open = await Promise.race([
        closed.then(() => false),
        new Promise<boolean>((r) => setImmediate(r, true)),
      ]);
    }
    const kept = JSON.parse(written.join('')) as unknown[];
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => event(n)));
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.length + stream.dropped).toBe(20);
    expect(most).toBe(1);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('says once, at the end, that the sink %s', async (_, write) => {
    let calls = 0;
    const sink = {
      write() {
        calls += 1;
        return write();
      },
    };
    const stream = new TraceStream(sink, { chunkChars: 1 });
    stream.add(event(1));
    await new Promise((resolve) => setImmediate(resolve));
    for (let n = 0; n < 100; n += 1) stream.add(event(n));
    await expect(stream.close()).rejects.toMatchObject({
      message: 'RUN340: The trace cannot be written: disk full',
      cause: new Error('disk full'),
    });
    expect(calls).toBe(1);
  });
});
