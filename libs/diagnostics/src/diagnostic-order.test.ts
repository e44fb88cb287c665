import fc from 'fast-check';
import type { Diagnostic, Location } from './diagnostic.js';
import { hasErrors, sortDiagnostics } from './diagnostic-order.js';
import { diagnostic } from './generated/registry.js';

const at = (location?: Location): Diagnostic => diagnostic.DAG208({ node: 'n' }, location);
const places = (found: readonly Diagnostic[]) => found.map((d) => d.location);

describe('sortDiagnostics', () => {
  test('orders by file, then line and column', () => {
    const sorted = sortDiagnostics([
      at({ file: 'b.json', line: 1, column: 1 }),
      at({ file: 'a.json', line: 10, column: 1 }),
      at({ file: 'a.json', line: 9, column: 7 }),
      at({ file: 'a.json', line: 9, column: 2 }),
      at(),
    ]);
    expect(places(sorted)).toEqual([
      undefined,
      { file: 'a.json', line: 9, column: 2 },
      { file: 'a.json', line: 9, column: 7 },
      { file: 'a.json', line: 10, column: 1 },
      { file: 'b.json', line: 1, column: 1 },
    ]);
  });

  test('orders list indices as numbers and parents before children', () => {
    const pointers = ['/edges/10', '/nodes/0', '/edges/2/buffer', '/edges/2', ''];
    expect(places(sortDiagnostics(pointers.map((pointer) => at({ pointer }))))).toEqual(
      ['', '/edges/2', '/edges/2/buffer', '/edges/10', '/nodes/0'].map((pointer) => ({ pointer })),
    );
  });

  test('orders findings of one place by code, and leaves its input alone', () => {
    const input = [
      diagnostic.EXACT002({ from: 'a', to: 'b' }),
      diagnostic.CTRL101({ from: 'a', to: 'b' }),
    ];
    expect(sortDiagnostics(input).map((d) => d.code)).toEqual(['CTRL101', 'EXACT002']);
    expect(input.map((d) => d.code)).toEqual(['EXACT002', 'CTRL101']);
  });

  test('does not depend on the order of its input', () => {
    const segment = fc.oneof(
      fc.nat({ max: 12 }).map(String),
      fc.constantFrom('nodes', '07', 'a~1'),
    );
    const location = fc.record(
      {
        file: fc.constantFrom('a', 'b'),
        line: fc.integer({ min: 1, max: 3 }),
        column: fc.integer({ min: 1, max: 3 }),
        pointer: fc.array(segment, { maxLength: 3 }).map((s) => s.map((x) => `/${x}`).join('')),
      },
      { requiredKeys: [] },
    );
    const shuffled = fc
      .array(location, { maxLength: 12 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([given, mixed]) => {
        expect(sortDiagnostics(mixed.map(at))).toEqual(sortDiagnostics(given.map(at)));
      }),
    );
  });
});

describe('hasErrors', () => {
  test.each([
    ['none', [], false],
    ['a warning and an info', ['CACHE001', 'RUN040'], false],
    ['an error', ['CACHE001', 'DAG208'], true],
    ['a fatal', ['IDEM099'], true],
  ] as const)('%s', (_, codes, expected) => {
    const found = {
      CACHE001: diagnostic.CACHE001({ node: 'n', hint: 'resource::http::read' }),
      RUN040: diagnostic.RUN040({ bytes: 1, from: 'a', to: 'b', tier: 't' }),
      DAG208: diagnostic.DAG208({ node: 'n' }),
      IDEM099: diagnostic.IDEM099({ node: 'n', key: 'k' }),
    };
    expect(hasErrors(codes.map((code) => found[code]))).toBe(expected);
  });
});
