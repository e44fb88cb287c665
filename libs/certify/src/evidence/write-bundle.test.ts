import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { certifyDeterminism } from '../determinism/certify-determinism.js';
import { s3Branching } from '../../test/testing/certified-flows.js';
import type { Evidence } from './evidence.js';
import { evidenceHtml } from './evidence-html.js';
import { evidenceText } from './evidence-text.js';
import { writeBundle } from './write-bundle.js';

const schema: object = JSON.parse(
  readFileSync(new URL('../../../../schemas/evidence.schema.json', import.meta.url), 'utf8'),
) as object;
const isEvidence = new Ajv2020({ strict: false }).compile(schema);

let folder: string;
let certified: Evidence;
beforeAll(async () => {
  certified = await certifyDeterminism(s3Branching, { cases: 2 });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'basalt-evidence-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const FAILED: Evidence['failure'] = {
  code: 'CERT001',
  message: 'Node <b>charge</b> did it twice.',
  fix: 'Send the key & wait.',
  node: 'charge',
  also: ['CERT005 price'],
  case_number: 3,
  reduced_by: 4,
  faults: ['the worker is killed'],
  inputs: [{ id: 'input-1', payload: { id: '</script><img src=x onerror=alert(1)>' } }],
  timeline: [
    { ms: 0.5, what: 'job', job: 'input-1', text: 'enqueued "now"' },
    { ms: 1, what: 'effect', job: 'input-1', text: 'charge' },
    { ms: 2, what: 'injection', job: 'input-1', text: 'killed' },
    { ms: 3, what: 'commit', job: 'input-1', text: 'ended' },
    { ms: 4, what: 'worker', job: '', text: 'a worker ended by itself' },
  ],
  ledger: [
    {
      seq: 1,
      job: 'input-1',
      run: 'input-1',
      node: 'charge',
      key: 'abcdef0123456789',
      effect: 'httpWrite.send POST https://x',
      says: '40',
      acted: true,
      late: false,
    },
  ],
  commands: ['flows certify idem x --case evidence/case.json'],
  case: { format: 'basalt-case' },
};
const failed = (): Evidence => ({ ...certified, verdict: 'failed', failure: FAILED });

test('both kinds are what the schema says', () => {
  expect([isEvidence(certified), isEvidence.errors]).toEqual([true, null]);
  expect([isEvidence(failed()), isEvidence.errors]).toEqual([true, null]);
  expect(isEvidence({ ...certified, version: 2 })).toBe(false);
});

test('a bundle is written, and replaces another', async () => {
  const out = join(folder, 'deep', 'evidence');
  await mkdir(join(folder, 'deep'));
  await writeBundle(out, failed());
  expect((await readdir(out)).sort()).toEqual([
    'case.json',
    'evidence.html',
    'evidence.json',
    'failing.ndjson',
    'inputs.ndjson',
    'ledger.ndjson',
  ]);
  await writeBundle(out, certified);
  expect((await readdir(out)).sort()).toEqual(['evidence.html', 'evidence.json', 'inputs.ndjson']);
  expect(JSON.parse(await readFile(join(out, 'evidence.json'), 'utf8'))).toEqual(certified);
  expect(await readdir(join(folder, 'deep'))).toEqual(['evidence']);
});

test.each([
  [
    'a folder with something else',
    async (path: string) => {
      await mkdir(path);
      await writeFile(join(path, 'precious.txt'), 'x');
    },
    'it holds something else (precious.txt)',
  ],
  [
    'a bundle of somebody else',
    async (path: string) => {
      await mkdir(path);
      await writeFile(join(path, 'evidence.json'), '{}');
    },
    'it holds something else (evidence.json)',
  ],
  ['a file', (path: string) => writeFile(path, 'x'), 'it is a file'],
])('CERT104: %s is not replaced', async (_name, prepare, reason) => {
  const out = join(folder, 'out');
  await prepare(out);
  await expect(writeBundle(out, certified)).rejects.toMatchObject({
    diagnostic: {
      code: 'CERT104',
      message: `The evidence cannot be written to ${out}: ${reason}.`,
    },
  });
  expect(await readdir(folder)).toEqual(['out']);
});

test('CERT104: a path through a file', async () => {
  await writeFile(join(folder, 'file'), 'x');
  await expect(writeBundle(join(folder, 'file', 'out'), certified)).rejects.toMatchObject({
    diagnostic: { code: 'CERT104' },
  });
});

test('the page runs nothing and loads nothing, whatever payloads hold', () => {
  const page = evidenceHtml(failed());
  expect(page).not.toMatch(/<script|<img|<link|<iframe|@import|url\(/);
  expect(page.match(/https?:\/\/[^\s<"&]*/g)).toEqual(['https://x']);
  expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;');
  expect(page).toContain('Node &lt;b&gt;charge&lt;/b&gt; did it twice.');
});

test('the text of a command', () => {
  expect(evidenceText(failed())).toContain(`
CERT001: Node <b>charge</b> did it twice.

What was done
  1. the worker is killed
With
  input-1  {"id":"</script><img src=x onerror=alert(1)>"}
Course
  0.5 ms  input-1  job        enqueued "now"
  1.0 ms  input-1  effect     charge
  2.0 ms  input-1  injection  killed
  3.0 ms  input-1  commit     ended
  4.0 ms           worker     a worker ended by itself
Ledger of effects
  1  input-1  charge  httpWrite.send POST https://x  key abcdef012345  acted
How to fix it
  Send the key & wait.
Also seen: CERT005 price
See it again
  flows certify idem x --case evidence/case.json
`);
});
