// The file of --webhooks: which triggers are called by whom, and how those requests are signed. The
// secrets are not in it; it names them, and the secret store that is bound has them.
import { readFileSync, statSync } from 'node:fs';
import { diagnostic, DiagnosticError, printable } from '@basalt/diagnostics';
import type { WebhookOptions } from '@basalt/http-host';

const MAX_FILE_BYTES = 1024 * 1024;
const TEXTS = ['flow', 'trigger', 'secret', 'header', 'encoding', 'prefix', 'timestampHeader'];
const NUMBERS = ['toleranceS', 'maxNonces'];
const NEEDED = ['flow', 'secret', 'header'];

/** The entries of the file at `path`: `{"webhooks": [{"flow", "secret", "header", ...}]}`.
 * @throws DiagnosticError HTTP213 where it cannot be read or anything in it is not understood. */
export function readWebhookFile(path: string): readonly WebhookOptions[] {
  const fail = (problem: string) =>
    new DiagnosticError([
      diagnostic.HTTP213({ option: 'webhooks', problem: `in ${printable(path)}, ${problem}` }),
    ]);
  const document = read(path, fail);
  const list = isRecord(document) ? document['webhooks'] : undefined;
  if (!Array.isArray(list) || list.length === 0) {
    throw fail('there is no list "webhooks" with at least one entry');
  }
  return list.map((entry: unknown, index) => entryOf(entry, `entry ${index + 1}`, fail));
}

type Fail = (problem: string) => DiagnosticError;

function read(path: string, fail: Fail): unknown {
  let text: string;
  try {
    if (statSync(path).size > MAX_FILE_BYTES) throw fail(`there are over ${MAX_FILE_BYTES} bytes`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw fail(
      `nothing can be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the text around the fault.
    throw fail('there is no JSON');
  }
}

function entryOf(entry: unknown, at: string, fail: Fail): WebhookOptions {
  if (!isRecord(entry)) throw fail(`${at} is no object`);
  for (const [key, value] of Object.entries(entry)) {
    const kind = TEXTS.includes(key) ? 'string' : NUMBERS.includes(key) ? 'number' : undefined;
    if (kind === undefined) throw fail(`${at} has the unknown key ${printable(key.slice(0, 40))}`);
    if (typeof value !== kind || value === '') throw fail(`${key} of ${at} is no ${kind}`);
  }
  const missing = NEEDED.find((key) => entry[key] === undefined);
  if (missing !== undefined) throw fail(`${at} has no ${missing}`);
  const { encoding = 'hex' } = entry;
  if (encoding !== 'hex' && encoding !== 'base64') {
    throw fail(`encoding of ${at} is neither hex nor base64`);
  }
  return entry as unknown as WebhookOptions;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
