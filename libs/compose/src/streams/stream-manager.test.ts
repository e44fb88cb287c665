import fc from 'fast-check';
import { StreamManager } from './stream-manager.js';

async function* from(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    yield await Promise.resolve(
      typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk,
    );
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('reads have at most maxBytes, and numbers in order', async () => {
  const streams = new StreamManager();
  const handle = streams.open({ chunks: from('abc', '', 'defg'), mediaType: 'text/plain' });
  expect(handle).toEqual({
    id: 'stream-1',
    encoding: 'utf-8',
    mediaType: 'text/plain',
    storage: { kind: 'stream' },
    metadata: {},
  });
  const next = async (maxBytes?: number) => {
    const found = await streams.read(handle, { maxBytes });
    return found && [text(found.bytes), found.seq];
  };
  expect(await next(2)).toEqual(['ab', 0]);
  expect(await next(3)).toEqual(['cde', 1]);
  expect(await next()).toEqual(['fg', 2]);
  expect(await next()).toBeUndefined();
});

test('characters stay whole, whatever the chunks and the sizes are', async () => {
  const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      words,
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 5 }),
      async (word, maxBytes, size) => {
        const bytes = new TextEncoder().encode(word);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.slice(i * size, (i + 1) * size),
        );
        const streams = new StreamManager();
        const handle = streams.open({ chunks: from(...chunks) });
        let read = '';
        for (;;) {
          const found = await streams.read(handle, { maxBytes, wholeCharacters: true });
          if (found === undefined) break;
          expect(found.bytes.length).toBeLessThanOrEqual(Math.max(4, maxBytes));
          read += new TextDecoder('utf-8', { fatal: true }).decode(found.bytes);
        }
        expect(read).toBe(word);
      },
    ),
  );
});

test('bytes that are no UTF-8 come through', async () => {
  const streams = new StreamManager();
  const handle = streams.open({ chunks: from(new Uint8Array([0x80, 0x81, 0xe2, 0x82])) });
  const sizes: number[] = [];
  for (;;) {
    const found = await streams.read(handle, { maxBytes: 2, wholeCharacters: true });
    if (found === undefined) break;
    sizes.push(found.bytes.length);
  }
  expect(sizes).toEqual([2, 2]);
});

test('a source gives only what is read', async () => {
  let taken = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      taken += 1;
      yield await Promise.resolve(new Uint8Array(10));
    }
  }
  const streams = new StreamManager();
  const handle = streams.open({ chunks: endless() });
  await streams.read(handle, { maxBytes: 25 });
  expect(taken).toBe(3);
  expect(await streams.close(handle)).toBe(true);
  expect(taken).toBe(3);
});

test('a read that runs out of time loses nothing', async () => {
  let give: (() => void) | undefined;
  async function* late(): AsyncGenerator<Uint8Array> {
    await new Promise<void>((resolve) => (give = resolve));
    yield new TextEncoder().encode('late');
  }
  const streams = new StreamManager();
  const handle = streams.open({ chunks: late() });
  await expect(streams.read(handle, { timeoutMs: 5 })).rejects.toMatchObject({ code: 'COMP109' });
  const abort = AbortSignal.timeout(5);
  await expect(streams.read(handle, { signal: abort })).rejects.toThrow('timeout');
  give!();
  expect(text((await streams.read(handle))!.bytes)).toBe('late');
});

test('handles that are closed, or of another execution, are refused', async () => {
  const streams = new StreamManager();
  const handle = streams.open({ chunks: from('a') });
  expect(await streams.close(handle)).toBe(true);
  expect(await streams.close(handle)).toBe(false);
  for (const wrong of [handle, { id: 'stream-9' }, {}, null, 'stream-1']) {
    await expect(streams.read(wrong)).rejects.toMatchObject({ code: 'COMP115' });
  }
  streams.open({ chunks: from('a') });
  await streams.closeAll();
  await expect(streams.read({ id: 'stream-2' })).rejects.toMatchObject({ code: 'COMP115' });
});

test('a fault of the source is the fault of the read', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new Uint8Array(1));
    throw new Error('cut');
  }
  const streams = new StreamManager();
  const handle = streams.open({ chunks: broken() });
  expect((await streams.read(handle, { maxBytes: 1 }))!.bytes.length).toBe(1);
  await expect(streams.read(handle)).rejects.toThrow('cut');
});
