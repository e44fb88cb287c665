import { type DiagnosticError } from '@basalt/diagnostics';
import fc from 'fast-check';
import { admitJob } from './admit-job.js';
import { decodeJob, encodeJob, openRecord, sealRecord } from './job-record.js';
import { DEFAULT_BACKOFF } from './job.js';
import { retryDelay } from './retry-delay.js';

const given = { flow: 'f', flowName: 'n', payload: { a: [1, null, 'x'] }, id: 'i' };

describe('admitJob', () => {
  it('fills in what its producer left open', () => {
    expect(admitJob({ ...given, trigger: undefined }, 5).job).toEqual({
      ...given,
      enqueuedAt: 5,
      maxAttempts: 5,
      priority: 0,
      backoff: DEFAULT_BACKOFF,
    });
  });

  it('keeps nothing that it does not know', () => {
    const foreign = { ...given, owner: 'x' } as typeof given;
    expect(Object.keys(admitJob(foreign, 5).job)).not.toContain('owner');
  });

  it('says what is wrong and how large it is', () => {
    const messages = [
      () => admitJob({ ...given, priority: 101 }, 0),
      () => admitJob({ ...given, payload: { at: undefined } as never }, 0),
      () => admitJob({ ...given, payload: 'x'.repeat(100) }, 0, 90),
    ].map((call) => {
      try {
        call();
        return 'nothing';
      } catch (error) {
        return (error as DiagnosticError).message;
      }
    });
    expect(messages).toEqual([
      'QUE101: The job i cannot be enqueued: priority is no number from -100 to 100.',
      'QUE101: The job i cannot be enqueued: its payload is no value at "/at": it is undefined.',
      expect.stringMatching(/^QUE102: The job i has \d+ bytes, and the queue takes at most 90\.$/),
    ]);
  });
});

describe('records of jobs', () => {
  it('come back as they were', () => {
    const { job, record } = admitJob(given, 7);
    expect(decodeJob(record)).toEqual({ job });
  });

  it('are never taken for sound when a byte was changed, or some were cut off', () => {
    const record = encodeJob(admitJob(given, 7).job);
    fc.assert(
      fc.property(fc.nat(record.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(record);
        changed[at]! ^= change;
        expect(decodeJob(changed)).toHaveProperty('problem');
        expect(decodeJob(record.subarray(0, at))).toHaveProperty('problem');
      }),
    );
  });

  it('of anything else are no jobs, whatever their bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(openRecord(bytes)).toHaveProperty('problem');
      }),
    );
    for (const other of [null, 1, [], { id: 'a' }] as const) {
      expect(decodeJob(sealRecord(other))).toEqual({ problem: 'it holds no job' });
    }
  });
});

describe('retryDelay', () => {
  it('grows to its bound, and gives up to its jitter away', () => {
    const backoff = { baseMs: 100, factor: 2, maxMs: 500, jitter: 0.5 };
    expect([1, 2, 3, 4, 99].map((attempt) => retryDelay(backoff, attempt, 0))).toEqual([
      100, 200, 400, 500, 500,
    ]);
    expect([1, 4].map((attempt) => retryDelay(backoff, attempt, 1))).toEqual([50, 250]);
  });
});
