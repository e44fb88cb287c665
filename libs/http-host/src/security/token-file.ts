// Reads the token file: one JSON document that holds the SHA-256 of every token, its name and its
// scopes. The tokens themselves are nowhere on the host.
import { readFileSync, statSync } from 'node:fs';
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import { parseScope, type Scope } from './scope.js';

/** One entry of the token file. */
export interface TokenEntry {
  /** For people and logs; unique. */
  readonly name: string;
  /** SHA-256 of the UTF-8 bytes of the token. */
  readonly digest: Buffer;
  readonly scopes: readonly Scope[];
}

/** Longest token file, in bytes. */
export const MAX_TOKEN_FILE_BYTES = 4 * 1024 * 1024;
const KEYS: ReadonlySet<string> = new Set(['name', 'sha256', 'scopes']);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Fail = (problem: string) => DiagnosticError;

function failing(file: string): Fail {
  return (problem) => new DiagnosticError([diagnostic.HTTP200({ file: printable(file), problem })]);
}

function parseEntry(entry: unknown, index: number, fail: Fail): TokenEntry {
  const at = `entry ${index + 1}`;
  if (!isRecord(entry)) throw fail(`${at} is no object`);
  const unknown = Object.keys(entry).find((key) => !KEYS.has(key));
  if (unknown !== undefined) {
    throw fail(`${at} has the unknown key ${printable(unknown.slice(0, 40))}`);
  }
  const { name, sha256, scopes } = entry;
  if (typeof name !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(name)) {
    throw fail(`the name of ${at} is not 1 to 100 visible ASCII characters`);
  }
  if (typeof sha256 !== 'string' || !/^[0-9a-fA-F]{64}$/.test(sha256)) {
    throw fail(`sha256 of ${name} is not 64 hexadecimal digits`);
  }
  if (!Array.isArray(scopes) || scopes.length === 0) {
    throw fail(`scopes of ${name} is not a list of at least one scope`);
  }
  const parsed = scopes.map((scope: unknown) => {
    const known = typeof scope === 'string' ? parseScope(scope) : undefined;
    if (known !== undefined) return known;
    const shown = printable(JSON.stringify(scope)?.slice(0, 60) ?? 'nothing');
    throw fail(`${name} has the unknown scope ${shown}`);
  });
  return { name, digest: Buffer.from(sha256, 'hex'), scopes: parsed };
}

/** The entries of a token file, given as text.
 * @throws DiagnosticError HTTP200 where anything in it is not understood. */
export function parseTokenFile(text: string, file: string): readonly TokenEntry[] {
  const fail = failing(file);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The message of the parser quotes the text around the fault, which may be a secret.
    throw fail('it is not JSON');
  }
  if (!isRecord(document) || !Array.isArray(document['tokens'])) {
    throw fail('it is no object with the list "tokens"');
  }
  if (document['tokens'].length === 0) throw fail('it holds no token');
  const entries = document['tokens'].map((entry, index) => parseEntry(entry, index, fail));
  const names = new Set<string>();
  const digests = new Set<string>();
  for (const { name, digest } of entries) {
    if (names.has(name)) throw fail(`the name ${name} is used twice`);
    if (digests.has(digest.toString('hex'))) throw fail(`the token of ${name} is used twice`);
    names.add(name);
    digests.add(digest.toString('hex'));
  }
  return entries;
}

/** The entries of the token file at `path`.
 * @throws DiagnosticError HTTP200 where it cannot be read or is not understood. */
export function readTokenFile(path: string): readonly TokenEntry[] {
  let text: string;
  try {
    if (statSync(path).size > MAX_TOKEN_FILE_BYTES) {
      throw failing(path)(`it is larger than ${MAX_TOKEN_FILE_BYTES} bytes`);
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw failing(path)(`it cannot be read (${code ?? 'unknown reason'})`);
  }
  return parseTokenFile(text, path);
}
