// Every code of the registry has an input that triggers it and one that does not.
import { allCodes, explainCode, type Diagnostic } from '@basalt/diagnostics';
import { AREAS_TRIED_BY, CODES_WITHOUT_FIXTURE } from './codes-without-fixture.js';
import { diagnoseFixture } from './diagnose-fixture.js';
import { readFixtures } from './fixture-folder.js';
import { codesNamedInTests } from './codes-named-in-tests.js';

const fixtures = readFixtures();
const covered = new Set(fixtures.map(({ code }) => code));

/** What counts: mere information (such as that a message was spilled) is no fault of an input, unless
 * it is what the fixture is about. */
function notable(found: readonly Diagnostic[], code: string): readonly Diagnostic[] {
  return found.filter((finding) => finding.severity !== 'info' || finding.code === code);
}

describe('the list of fixtures', () => {
  test('names known codes only', () => {
    const named = [...covered, ...Object.keys(CODES_WITHOUT_FIXTURE)];
    expect(named.filter((code) => explainCode(code) === undefined)).toEqual([]);
  });

  test('covers every code that is not listed as an exception', () => {
    const elsewhere = (code: string) => explainCode(code)!.area in AREAS_TRIED_BY;
    const open = allCodes().filter((code) => !covered.has(code) && !elsewhere(code));
    expect(open).toEqual(Object.keys(CODES_WITHOUT_FIXTURE).sort());
  });

  test.each(Object.entries(AREAS_TRIED_BY))('%s codes are tried by %j', (area, projects) => {
    const named = new Set(projects.flatMap((project) => [...codesNamedInTests(project)]));
    const codes = allCodes().filter((code) => explainCode(code)!.area === area);
    expect(codes.filter((code) => !covered.has(code) && !named.has(code))).toEqual([]);
  });

  test('gives a reason for every exception', () => {
    const short = Object.entries(CODES_WITHOUT_FIXTURE).filter(([, why]) => why.length < 20);
    expect(short).toEqual([]);
  });
});

describe.each(fixtures)('$code', ({ code, bad, good, options, goodOptions }) => {
  test('is found in the bad input, with its place, and nothing else is', async () => {
    const found = await diagnoseFixture(bad, options);
    const codes = [...new Set(notable(found, code).map((finding) => finding.code))].sort();
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
    expect(notable(found, code).map((f) => `${f.code}: ${f.message}`)).toEqual([]);
  });
});
