import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagnosticError } from '@basalt/diagnostics';
import { MAX_TOKEN_FILE_BYTES, parseTokenFile, readTokenFile } from './token-file.js';
import { TokenRegistry } from './token-registry.js';

const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
const file = (...tokens: unknown[]) => JSON.stringify({ tokens });
const entry = { name: 'ci', sha256: sha256('open sesame'), scopes: ['flow:orders:run'] };

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    expect(error.diagnostics.map((d) => d.code)).toEqual(['HTTP200']);
    return error.diagnostic.message;
  }
  return 'accepted';
}
const problem = (text: string) => problemOf(() => parseTokenFile(text, 't.json'));

describe('parseTokenFile', () => {
  it('reads names, hashes and scopes', () => {
    expect(parseTokenFile(file(entry), 't.json')).toEqual([
      {
        name: 'ci',
        digest: createHash('sha256').update('open sesame').digest(),
        scopes: [{ on: 'flow', flow: 'orders', action: 'run' }],
      },
    ]);
  });

  it.each<[string, unknown[], string]>([
    ['no object', [null], 'entry 1 is no object'],
    ['a list', [[]], 'entry 1 is no object'],
    ['an unknown key', [{ ...entry, scope: '*' }], 'entry 1 has the unknown key scope'],
    [
      'no name',
      [{ ...entry, name: '' }],
      'the name of entry 1 is not 1 to 100 visible ASCII characters',
    ],
    [
      'a line feed in the name',
      [{ ...entry, name: 'a\nb' }],
      'the name of entry 1 is not 1 to 100 visible ASCII characters',
    ],
    [
      'a token in place of its hash',
      [{ ...entry, sha256: 'open sesame' }],
      'sha256 of ci is not 64 hexadecimal digits',
    ],
    ['no scopes', [{ ...entry, scopes: [] }], 'scopes of ci is not a list of at least one scope'],
    [
      'scopes as text',
      [{ ...entry, scopes: '*' }],
      'scopes of ci is not a list of at least one scope',
    ],
    [
      'an unknown scope',
      [{ ...entry, scopes: ['flow:a:sudo'] }],
      'ci has the unknown scope "flow:a:sudo"',
    ],
    ['a number as scope', [{ ...entry, scopes: [1] }], 'ci has the unknown scope 1'],
    ['a name twice', [entry, { ...entry, sha256: sha256('b') }], 'the name ci is used twice'],
    ['a token twice', [entry, { ...entry, name: 'b' }], 'the token of b is used twice'],
    ['nothing', [], 'it holds no token'],
  ])('refuses %s', (_, tokens, what) => {
    expect(problem(file(...tokens))).toBe(`The token file t.json is not usable: ${what}.`);
  });

  it('refuses what is not JSON, without quoting it', () => {
    expect(problem('hunter2 is my token')).toBe(
      'The token file t.json is not usable: it is not JSON.',
    );
    const listed = 'The token file t.json is not usable: it is no object with the list "tokens".';
    expect(
      ['null', '[]', '{}', '{"tokens":{}}', '{"__proto__":{"tokens":[]}}'].map(problem),
    ).toEqual(Array(5).fill(listed));
  });
});

describe('readTokenFile', () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'tokens-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('reads a file', () => {
    const path = join(dir, 'tokens.json');
    writeFileSync(path, file(entry));
    expect(readTokenFile(path).map(({ name }) => name)).toEqual(['ci']);
  });

  it('names what is missing, no file, or too large', () => {
    const path = join(dir, 'tokens.json');
    const at = `The token file ${path} is not usable:`;
    expect(problemOf(() => readTokenFile(path))).toBe(`${at} it cannot be read (ENOENT).`);
    expect(problemOf(() => readTokenFile(dir))).toBe(
      `The token file ${dir} is not usable: it cannot be read (EISDIR).`,
    );
    writeFileSync(path, '');
    truncateSync(path, MAX_TOKEN_FILE_BYTES + 1);
    expect(problemOf(() => readTokenFile(path))).toBe(`${at} it is larger than 4194304 bytes.`);
  });
});

describe('TokenRegistry', () => {
  it('finds the entry of a token, and of no other text', () => {
    const second = { name: 'b', sha256: sha256('zwei'), scopes: ['*'] };
    const registry = new TokenRegistry(parseTokenFile(file(entry, second), 't.json'));
    const found = ['open sesame', 'zwei', 'Zwei', '', sha256('zwei'), 'x'.repeat(100_000)].map(
      (token) => registry.find(token)?.name,
    );
    expect(found).toEqual(['ci', 'b', undefined, undefined, undefined, undefined]);
  });
});
