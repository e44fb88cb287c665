import { diagnostic } from './generated/registry.js';
import { formatDiagnostic, formatLocation } from './render.js';

const source =
  '{\n  "edges": [\n    { "from": "a", "to": "b" },\n    { "from": "a", "to": "b" }\n  ]\n}\n';
const finding = diagnostic.DAG211(
  { from: 'a', to: 'b' },
  { file: 'flow.json', pointer: '/edges/1', line: 4, column: 5 },
);

describe('formatDiagnostic', () => {
  test('shows code, place, source, why and help', () => {
    expect(formatDiagnostic(finding, { source })).toBe(
      [
        'error DAG211: The edge a -> b is declared more than once.',
        '  at flow.json:4:5 (/edges/1)',
        '    4 |     { "from": "a", "to": "b" }',
        '      |     ^',
        '  why:  Every message would be delivered twice, and the two declarations may disagree on delivery, order and limits.',
        '  help: Remove one of them.',
      ].join('\n'),
    );
  });

  test('leaves out what is not known', () => {
    const unknown = {
      code: 'X001',
      severity: 'fatal',
      subsystem: 'test',
      summary: 'A summary',
      message: 'Something is wrong.',
      help: 'Mend it.',
    } as const;
    expect(formatDiagnostic(unknown, { source })).toBe(
      'fatal error X001: Something is wrong.\n  help: Mend it.',
    );
  });

  test('shows no source line for a place outside the text', () => {
    const moved = { ...finding, location: { file: 'flow.json', line: 40, column: 1 } };
    expect(formatDiagnostic(moved, { source }).split('\n')).toHaveLength(4);
  });

  test('paints each part with the colour of its kind', () => {
    const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const color = { error: mark('e'), warning: mark('w'), place: mark('p'), dim: mark('d') };
    expect(formatDiagnostic(finding, { color, source })).toBe(
      [
        '<e>error DAG211</e>: The edge a -> b is declared more than once.',
        '  at <p>flow.json:4:5 (/edges/1)</p>',
        '    <d>4 |     { "from": "a", "to": "b" }</d>',
        '    <e>  |     ^</e>',
        '  <d>why:</d>  Every message would be delivered twice, and the two declarations may disagree on delivery, order and limits.',
        '  <d>help:</d> Remove one of them.',
      ].join('\n'),
    );
  });

  test('a hostile name cannot write control sequences or lines of its own', () => {
    const hostile = diagnostic.DAG208(
      { node: 'a\u001b[2Jb\nerror DAG200\u202e' },
      { file: 'x\r.json' },
    );
    expect(formatDiagnostic(hostile).split('\n').slice(0, 2)).toEqual([
      'error DAG208: Node a\\u001b[2Jb\\nerror DAG200\\u202e cannot be reached from any trigger.',
      '  at x\\u000d.json',
    ]);
  });
});

describe('formatLocation', () => {
  test.each([
    [{}, ''],
    [{ file: 'a.ts' }, 'a.ts'],
    [{ file: 'a.ts', line: 3 }, 'a.ts:3'],
    [{ file: 'a.ts', line: 3, column: 9 }, 'a.ts:3:9'],
    [{ line: 3, column: 9 }, '3:9'],
    [{ pointer: '/nodes/0' }, '/nodes/0'],
    [{ pointer: '' }, 'document'],
    [{ file: 'a.json', pointer: '' }, 'a.json (document)'],
  ])('%j is %j', (location, expected) => {
    expect(formatLocation(location)).toBe(expected);
  });
});
