// The judge finds what it is there for: without this, a course that finds nothing would prove nothing.
import { CRASH_FLOWS } from './crash-flows.js';
import { crashJob } from './crash-jobs.js';
import { openPlace } from './crash-place.js';
import { isClean, reportText, sumText } from './crash-report.js';
import { judgeJobs } from './judge-jobs.js';
import { startEffectLedger } from './effect-ledger.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NO_FAULTS = { refused: 0, lost: 0, delayMs: 0 };

it('acts once a key, and each time without one', async () => {
  const ledger = await startEffectLedger(1, NO_FAULTS);
  const call = (what: string, key?: string) =>
    fetch(`${ledger.url}/${what}`, {
      method: 'POST',
      headers: key === undefined ? {} : { 'idempotency-key': key },
    }).then((answer) => answer.text());
  try {
    const receipts = [await call('a', '1'), await call('a', '1'), await call('b'), await call('b')];
    expect(receipts[0]).toBe(receipts[1]);
    expect(ledger.entries()).toEqual([{ what: 'a', key: '1' }, { what: 'b' }, { what: 'b' }]);
    expect(ledger.calls()).toBe(4);
  } finally {
    await ledger.close();
  }
});

it('finds lost jobs, lost effects, repeated ones, and such as nobody asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'basalt-judge-'));
  const open = await openPlace({ backend: 'embedded', folder }, () => undefined);
  try {
    const job = crashJob(0, 's', 'http://127.0.0.1:1', 'embedded');
    const found = await judgeJobs([job], open, [
      { what: 's-0/reserve', key: '1' },
      { what: 's-0/reserve', key: '2' },
      { what: 's-0/charge', key: '3' },
      { what: 'other', key: '4' },
    ]);
    expect(found).toEqual({
      lost: [
        's-0 has no run that has ended (unknown, taken up 0 times): ',
        's-0/ship did not happen',
      ],
      repeated: ['s-0/reserve happened 2 times', 'other happened, and nothing asked for it'],
      effects: 4,
    });
    const report = {
      ...found,
      kind: 'embedded' as const,
      seed: 1,
      kills: { worker: 1, producer: 2 },
      jumps: 2,
      jobs: 1,
      calls: 4,
      faults: {},
      endedByThemselves: [],
      seconds: 1,
    };
    expect(isClean(report)).toBe(false);
    expect(sumText([report, report])).toBe(
      'in all 6 kills, 2 jobs, 8 effects: 4 lost, 4 repeated, 0 processes ended by themselves\n',
    );
    expect(isClean({ ...report, lost: [], repeated: [] })).toBe(true);
    expect(reportText({ ...report, lost: [], repeated: [] })).toBe(
      'embedded, seed 1: 3 kills, 2 jumps of the clock in 1 s\n' +
        '  worker 1, producer 2\n' +
        '  jobs 1, effects 4, calls 4\n' +
        '  lost 0, repeated 0, ended by themselves 0\n',
    );
  } finally {
    await open.close();
    rmSync(folder, { recursive: true });
  }
});

it('has a kind of job for each flow', () => {
  const flows = CRASH_FLOWS.map((_, n) => crashJob(n, 's', '', 'embedded').expected.flow);
  expect(flows).toEqual(CRASH_FLOWS.map(({ ir }) => ir.name));
});
