import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { WriteAheadLog, readLog, type LogEntry } from './write-ahead-log.js';

const PAGE = 4096;
let folder: string;
let path: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
  path = join(folder, 'log');
});
afterEach(() => cleanUp());

function entry(runId: string, index: number, size = 100): LogEntry {
  return { runId, number: 2 ** 40 + index, index, bytes: new Uint8Array(size).fill(index) };
}

describe('WriteAheadLog', () => {
  it('gives back what was written, batch by batch', () => {
    const log = new WriteAheadLog(path, 16 * PAGE);
    const batches = [
      [entry('a', 1), entry('b\0\u{1F600}', 2)],
      [entry('a', 3, 9000)],
      [entry('c', 4, 0)],
    ];
    expect(batches.map((batch) => log.append(batch))).toEqual([true, true, true]);
    expect(readLog(path)).toEqual(batches.flat());
    expect([log.batches, log.isInPlace()]).toEqual([3, true]);
    log.close();
  });

  it('refuses what does not fit, and is whole then', () => {
    const log = new WriteAheadLog(path, 2 * PAGE);
    expect(log.append([entry('large', 1, 3 * PAGE)])).toBe(false);
    expect(log.append([entry('a', 1)])).toBe(true);
    expect(log.append([entry('b', 1, PAGE)])).toBe(false);
    expect(log.append([entry('b', 2)])).toBe(true);
    expect(log.append([entry('c', 3)])).toBe(false);
    expect(readLog(path)).toEqual([entry('a', 1), entry('b', 2)]);
    log.close();
  });

  it('begins anew without reading what is older', () => {
    const log = new WriteAheadLog(path, 8 * PAGE);
    for (let i = 0; i < 8; i += 1) log.append([entry('old', i)]);
    log.reset();
    expect(readLog(path)).toHaveLength(8);
    log.append([entry('new', 1)]);
    log.append([entry('new', 2)]);
    expect(readLog(path)).toEqual([entry('new', 1), entry('new', 2)]);
    log.close();
  });

  it('sees that its file was taken', () => {
    const log = new WriteAheadLog(path, PAGE);
    renameSync(path, join(folder, 'taken'));
    expect(log.isInPlace()).toBe(false);
    writeFileSync(path, 'another');
    expect(log.isInPlace()).toBe(false);
    log.remove();
    expect(readFileSync(path, 'utf8')).toBe('another');
  });

  it('does not write over a file', () => {
    writeFileSync(path, 'mine');
    expect(() => new WriteAheadLog(path, PAGE)).toThrow('EEXIST');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('is read up to the first batch that is torn, wherever it is', () => {
    const log = new WriteAheadLog(path, 8 * PAGE);
    const batches = [[entry('a', 1)], [entry('b', 2, 5000)], [entry('c', 3)]];
    for (const batch of batches) log.append(batch);
    log.close();
    const whole = readFileSync(path);
    // Where each batch lies, and where its last byte is.
    const places = [
      [0, 121],
      [PAGE, PAGE + 5021],
      [3 * PAGE, 3 * PAGE + 121],
    ] as const;
    fc.assert(
      fc.property(fc.nat(2), fc.nat(5100), fc.integer({ min: 1, max: 255 }), (which, at, mask) => {
        const [from, end] = places[which]!;
        const position = from + (at % (end - from));
        const torn = Buffer.from(whole);
        torn[position] = torn[position]! ^ mask;
        writeFileSync(path, torn);
        const read = readLog(path);
        expect(read).toEqual(batches.slice(0, which).flat());
      }),
      { numRuns: 300 },
    );
    for (let size = 0; size < whole.length; size += 517) {
      writeFileSync(path, whole.subarray(0, size));
      const good = places.filter(([, end]) => end <= size).length;
      expect(readLog(path)).toEqual(batches.slice(0, good).flat());
    }
  });

  it('reads anything without failing', () => {
    expect(readLog(join(folder, 'none'))).toEqual([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3 * PAGE }), (noise) => {
        writeFileSync(path, noise);
        expect(readLog(path)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
