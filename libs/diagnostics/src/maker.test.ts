import { DiagnosticError } from './diagnostic.js';
import { diagnostic } from './generated/registry.js';
import { makerFor } from './maker.js';

const maker = makerFor({
  T001: {
    code: 'T001',
    area: 'test',
    severity: 'warning',
    subsystem: 'testing',
    summary: 'A test',
    template: '{a} and {b} and {a}',
    why: 'why',
    fix: 'fix',
    example: 'example',
  },
});
const T001 = maker<{ a?: string | number; b?: string | number }>('T001');

describe('a constructor', () => {
  test('fills the template and copies the fixed parts', () => {
    expect(T001({ a: 'x', b: 0 })).toEqual({
      code: 'T001',
      severity: 'warning',
      subsystem: 'testing',
      summary: 'A test',
      message: 'x and 0 and x',
      help: 'fix',
    });
  });

  test('adds place, help and details', () => {
    const found = T001(
      { a: 1, b: 2 },
      { file: 'f', line: 1 },
      { help: 'do this', details: { n: 3 } },
    );
    expect(found.location).toEqual({ file: 'f', line: 1 });
    expect(found.help).toBe('do this');
    expect(found.details).toEqual({ n: 3 });
  });

  test('does not fill a value again, nor read replacement patterns in it', () => {
    expect(T001({ a: '{b}', b: '$& $1' }).message).toBe('{b} and $& $1 and {b}');
  });

  test('keeps the name of a missing value', () => {
    expect(T001({ a: 'x' }).message).toBe('x and {b} and x');
    expect(maker<{ b: string }>('T001')({ b: 'y' }).message).toBe('{a} and y and {a}');
  });

  test('cuts a value that is too long', () => {
    expect(T001({ a: '', b: 'z'.repeat(1_000_000) }).message).toBe(
      ` and ${'z'.repeat(500)}... and `,
    );
  });
});

describe('DiagnosticError', () => {
  test('carries every finding and names the first', () => {
    const first = diagnostic.DAG208({ node: 'a' });
    const second = diagnostic.DAG209({ flow: 'f' });
    const error = new DiagnosticError([first, second], { cause: 'c' });
    expect(error).toBeInstanceOf(Error);
    expect(error.diagnostic).toBe(first);
    expect(error.diagnostics).toEqual([first, second]);
    expect(error.cause).toBe('c');
    expect(error.message).toBe(
      'DAG208: Node a cannot be reached from any trigger.\nDAG209: Flow f has no trigger.',
    );
  });
});
