// Writes an evidence bundle: a folder that is made under another name and put in its place at the end.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { EVIDENCE_FORMAT, type Evidence } from './evidence.js';
import { evidenceHtml } from './evidence-html.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
};

/** Replaces a bundle that is there. @throws DiagnosticError CERT104. */
export async function writeBundle(folder: string, evidence: Evidence): Promise<void> {
  const unique = randomBytes(6).toString('hex');
  const beside = (what: string) => join(dirname(folder), `.${basename(folder)}.${unique}.${what}`);
  const made = beside('tmp');
  try {
    const isThere = await checkTarget(folder);
    await mkdir(made, { recursive: true });
    for (const [name, text] of filesOf(evidence)) {
      await writeFile(join(made, name), text, { flush: true });
    }
    const old = beside('old');
    if (isThere) await rename(folder, old);
    await rename(made, folder);
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    await rm(made, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof DiagnosticError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw refusal(folder, REASONS[code] ?? message);
  }
}

function refusal(folder: string, reason: string): DiagnosticError {
  return new DiagnosticError([diagnostic.CERT104({ folder, reason })]);
}

/** Whether a bundle, or an empty folder, is there. @throws DiagnosticError for anything else. */
async function checkTarget(folder: string): Promise<boolean> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ENOTDIR') throw refusal(folder, 'it is a file');
    throw error;
  }
  if (names.length === 0 || (await isBundle(folder))) return true;
  throw refusal(folder, `it holds something else (${names[0]})`);
}

async function isBundle(folder: string): Promise<boolean> {
  try {
    const text = await readFile(join(folder, 'evidence.json'), 'utf8');
    return (JSON.parse(text) as { format?: unknown }).format === EVIDENCE_FORMAT;
  } catch {
    return false;
  }
}

function filesOf(evidence: Evidence): readonly (readonly [name: string, text: string])[] {
  const { inputs, failure } = evidence;
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const lines = (values: readonly unknown[]) =>
    values.map((value) => `${JSON.stringify(value)}\n`).join('');
  return [
    ['evidence.json', json(evidence)],
    ['evidence.html', evidenceHtml(evidence)],
    ['inputs.ndjson', lines(inputs.map(({ payload }) => payload))],
    ...(failure === undefined
      ? []
      : [
          ['failing.ndjson', lines(failure.inputs.map(({ payload }) => payload))] as const,
          ['ledger.ndjson', lines(failure.ledger)] as const,
        ]),
    ...(failure?.case === undefined ? [] : [['case.json', json(failure.case)] as const]),
  ];
}
