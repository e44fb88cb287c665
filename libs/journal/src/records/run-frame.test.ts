import fc from 'fast-check';
import { anyRecord, attempt, ended, result, startOf } from '../../testing/sample-runs.js';
import { readRun } from './read-run.js';
import { firstChain, readFrame, recordBody, recordOfBody, writeFrame } from './run-frame.js';
import { startBody, startOfBody } from './start-frame.js';

const HASH = 'd'.repeat(64);

/** The frames of a run. */
function framesOf(runId: string, records: readonly Parameters<typeof recordBody>[0][]) {
  const frames: Uint8Array[] = [];
  let chain = firstChain(runId);
  for (const body of [startBody(startOf(runId), HASH), ...records.map(recordBody)]) {
    const frame = writeFrame(chain, body);
    frames.push(frame.bytes);
    chain = frame.chain;
  }
  return frames;
}

const four = [attempt(1), result(1), attempt(2), result(2)];

describe('frames', () => {
  it('give back every record', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 6 }), (records) => {
        const { start, records: read, fault } = readRun('r', framesOf('r', records));
        const { flowDocument: _document, ...rest } = startOf('r');
        expect([start, fault]).toEqual([{ start: rest, document: HASH }, undefined]);
        expect(read).toEqual(records);
      }),
      { numRuns: 100 },
    );
  });

  it('show where one is changed, cut off, missing, repeated, swapped or of another run', () => {
    const frames = framesOf('r', four);
    const other = framesOf('other', four);
    const where = (damaged: readonly Uint8Array[]) => readRun('r', damaged).fault?.at;
    const change = (at: number, frame: Uint8Array) =>
      frames.map((old, index) => (index === at ? frame : old));
    expect([
      where(frames),
      where([]),
      where(frames.slice(1)),
      where(change(2, frames[2]!.slice(0, -1))),
      where(change(2, new Uint8Array(0))),
      where(frames.filter((_frame, index) => index !== 3)),
      where([...frames.slice(0, 3), frames[2]!, ...frames.slice(3)]),
      where([frames[0]!, frames[2]!, frames[1]!, frames[3]!]),
      where(change(3, other[3]!)),
      where(other),
      where(framesOf('r', [...four, ended(), attempt(3)])),
    ]).toEqual([undefined, 0, 0, 2, 2, 3, 3, 1, 3, 0, 6]);
  });

  it('show every changed bit', () => {
    const frames = framesOf('r', four);
    fc.assert(
      fc.property(fc.nat(4), fc.nat(1000), fc.nat(7), (which, at, bit) => {
        const damaged = frames.map((frame) => frame.slice());
        const frame = damaged[which]!;
        const place = at % frame.length;
        frame[place] = frame[place]! ^ (1 << bit);
        const read = readRun('r', damaged);
        expect(read.fault?.at).toBe(which);
        expect(read.records).toEqual(four.slice(0, Math.max(0, which - 1)));
      }),
      { numRuns: 300 },
    );
  });

  it('of random bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(readFrame(firstChain('r'), noise)).toHaveProperty('fault');
        // Also where the version is right.
        expect(readFrame(firstChain('r'), Uint8Array.of(1, ...noise))).toHaveProperty('fault');
      }),
      { numRuns: 300 },
    );
  });

  it('of a later version are refused by name', () => {
    const [start] = framesOf('r', []);
    const later = start!.slice();
    later[0] = 2;
    expect(readRun('r', [later]).fault).toEqual({
      at: 0,
      reason: 'its version is 2, and 1 is read',
    });
  });
});

describe('recordOfBody', () => {
  it.each([
    ['no map', 5],
    ['a list', [1]],
    ['no kind', { key: 'k' }],
    ['an unknown kind', { kind: 'later' }],
    ['a name of Object', { kind: 'constructor' }],
    ['a missing field', { kind: 'attempt', key: 'k', alias: 'a', at: 1 }],
    ['a field of another type', { ...attempt(1), attempt: 'x' } as never],
    ['a negative count', { ...attempt(1), attempt: -1 } as never],
    ['an endless time', { ...attempt(1), at: Infinity } as never],
    ['a field too many', { ...attempt(1), more: 1 } as never],
    ['findings that are none', { kind: 'ended', status: 'failed', findings: [1], at: 1 }],
    ['a status that is none', { kind: 'ended', status: 'late', findings: [], at: 1 }],
    ['an undo that is none', { ...result(1), undo: { input: 1 } } as never],
  ])('refuses %s', (_name, body) => {
    expect(recordOfBody(body)).toEqual({ fault: expect.any(String) });
  });
});

describe('startOfBody', () => {
  const good = startBody(startOf('r'), HASH) as Record<string, never>;

  it.each([
    ['no map', null],
    ['a record', recordBody(attempt(1))],
    ['no document', { ...good, document: 1 }],
    ['no flow', { ...good, flow: {} }],
    ['no payload', Object.fromEntries(Object.entries(good).filter(([name]) => name !== 'payload'))],
    ['labels that are none', { ...good, labels: { a: 1 } }],
    ['extensions that are none', { ...good, extensions: [] }],
    ['a seed that is none', { ...good, deterministic: { seed: 1, startMs: 0 } }],
    ['a field too many', { ...good, more: 1 }],
  ])('refuses %s', (_name, body) => {
    expect(startOfBody(body as never)).toEqual({ fault: expect.any(String) });
  });
});
