// Every code of the registry has an input that triggers it and one that does not.
import { allCodes, explainCode } from '@basalt/diagnostics';
import { CODES_WITHOUT_FIXTURE } from './codes-without-fixture.js';
import { diagnoseFixture } from './diagnose-fixture.js';
import { readFixtures } from './fixture-folder.js';

const fixtures = readFixtures();
const covered = new Set(fixtures.map(({ code }) => code));

describe('the list of fixtures', () => {
  test('names known codes only', () => {
    const named = [...covered, ...Object.keys(CODES_WITHOUT_FIXTURE)];
    expect(named.filter((code) => explainCode(code) === undefined)).toEqual([]);
  });

  test('covers every code that is not listed as an exception', () => {
    const open = allCodes().filter((code) => !covered.has(code));
    expect(open).toEqual(Object.keys(CODES_WITHOUT_FIXTURE).sort());
  });

  test('gives a reason for every exception', () => {
    const short = Object.entries(CODES_WITHOUT_FIXTURE).filter(([, why]) => why.length < 20);
    expect(short).toEqual([]);
  });
});

describe.each(fixtures)('$code', ({ code, bad, good, options, goodOptions }) => {
  test('is found in the bad input, with its place, and nothing else is', async () => {
    const found = await diagnoseFixture(bad, options);
    const codes = [...new Set(found.map((finding) => finding.code))].sort();
    expect(codes).toEqual([code, ...(options.also ?? [])].sort());
    const page = explainCode(code)!;
    const placed = !bad.endsWith('.ts') || page.subsystem === 'authoring';
    for (const finding of found.filter((f) => f.code === code)) {
      expect(finding).toMatchObject({ severity: page.severity, summary: page.summary });
      expect(finding.message).not.toMatch(/\{\w+\}|undefined|\[object/);
      // A finding in a document or in authored code names its place; one of a run need not have one.
      if (placed) expect(finding.location).toEqual(expect.any(Object));
    }
  });

  test('is not found in the good input, nor is anything else', async () => {
    const found = await diagnoseFixture(good, goodOptions);
    expect(found.map((f) => `${f.code}: ${f.message}`)).toEqual([]);
  });
});
