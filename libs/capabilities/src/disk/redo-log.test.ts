import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { temporaryFolder } from '../../test/store-fixture.js';
import { BLOCK_BYTES } from './flushed-file.js';
import { RECORD_HEADER_BYTES, RedoLog, readRedoLog, type RedoRecord } from './redo-log.js';
import { TableChanges, readChanges, type Change } from './table-changes.js';

let folder: string;
let path: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
  path = join(folder, 'log');
});
afterEach(() => cleanUp());

const change: fc.Arbitrary<Change> = fc
  .record({
    table: fc.constantFrom('a', 'table', 'Ω'),
    key: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    value: fc.option(fc.uint8Array({ maxLength: 6_000 }), { nil: undefined }),
  })
  .map(({ table, key, value }) => ({
    table,
    key: Buffer.from(key),
    ...(value === undefined ? {} : { value: Buffer.from(value) }),
  }));

function gather(changes: TableChanges, of: readonly Change[]): void {
  changes.clear();
  for (const { table, key, value } of of) {
    if (value === undefined) changes.remove(table, key);
    else changes.put(table, key, value);
  }
}

function append(log: RedoLog, { commit, previous, changes }: RedoRecord): void {
  const gathered = new TableChanges(RECORD_HEADER_BYTES);
  gather(gathered, changes);
  log.append(commit, previous, gathered.memory, gathered.end);
}

const put = (n: number, size = 100): RedoRecord => ({
  commit: n,
  previous: n - 1,
  changes: [{ table: 'a', key: Buffer.of(n), value: Buffer.alloc(size, n) }],
});

describe('TableChanges', () => {
  it('are read as they were made, in one transaction after the other', () => {
    const changes = new TableChanges(RECORD_HEADER_BYTES);
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (some) => {
        gather(changes, some);
        expect(changes.isEmpty).toBe(some.length === 0);
        const bytes = changes.memory.subarray(RECORD_HEADER_BYTES, changes.end);
        expect(readChanges(bytes)).toEqual(some);
      }),
    );
  });

  it('are not read from what is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (noise) => {
        const read = readChanges(Buffer.from(noise));
        expect(read === undefined || read.length === 0 || noise[0] === 1).toBe(true);
      }),
    );
    expect(readChanges(Buffer.of(2, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined();
    expect(readChanges(Buffer.of(9, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined();
  });
});

describe('RedoLog', () => {
  it('gives back what was written, and only that of the last pass', () => {
    const log = new RedoLog(path, 8 * BLOCK_BYTES);
    const first = [put(1), put(3, 9_000), put(4, 1)];
    for (const record of first) append(log, record);
    expect(readRedoLog(path)).toEqual(first);
    expect([log.used, log.fits(3 * BLOCK_BYTES), log.fits(3 * BLOCK_BYTES + 1)]).toEqual([
      5 * BLOCK_BYTES,
      true,
      false,
    ]);
    log.reset();
    append(log, put(5));
    expect(readRedoLog(path)).toEqual([put(5)]);
    log.remove();
    expect(readRedoLog(path)).toEqual([]);
  });

  it('takes back the last record, and goes on in its place', () => {
    const log = new RedoLog(path, 8 * BLOCK_BYTES);
    for (const record of [put(1), put(2, 9_000)]) append(log, record);
    log.takeBack();
    expect(readRedoLog(path)).toEqual([put(1)]);
    append(log, put(3));
    expect(readRedoLog(path)).toEqual([put(1), put(3)]);
    log.close();
  });

  it('is read up to the first record that is torn, wherever it is', () => {
    const log = new RedoLog(path, 8 * BLOCK_BYTES);
    const records = [put(1), put(2, 5_000), put(3)];
    const places = records.map((record) => {
      const from = log.used;
      append(log, record);
      const { value } = record.changes[0]!;
      return [from, from + RECORD_HEADER_BYTES + 8 + 1 + 8 + 1 + value!.length] as const;
    });
    log.close();
    const whole = readFileSync(path);
    fc.assert(
      fc.property(fc.nat(2), fc.nat(5_100), fc.integer({ min: 1, max: 255 }), (which, at, mask) => {
        const [from, end] = places[which]!;
        const torn = Buffer.from(whole);
        torn[from + (at % (end - from))]! ^= mask;
        writeFileSync(path, torn);
        expect(readRedoLog(path)).toEqual(records.slice(0, which));
      }),
      { numRuns: 300 },
    );
    for (let size = 0; size < whole.length; size += 517) {
      writeFileSync(path, whole.subarray(0, size));
      const good = places.filter(([, end]) => end <= size).length;
      expect(readRedoLog(path)).toEqual(records.slice(0, good));
    }
  });

  it('reads anything without failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3 * BLOCK_BYTES }), (noise) => {
        writeFileSync(path, noise);
        expect(readRedoLog(path)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
