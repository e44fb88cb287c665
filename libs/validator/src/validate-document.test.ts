import { buildFlow } from './testing/build-flow.js';
import { validateDocument } from './validate-document.js';

const flow = buildFlow({ nodes: ['start', 'a', 'x'], edges: ['start -> a'] });
const text = JSON.stringify(flow, undefined, 2);
const line = text.slice(0, text.indexOf('"alias": "x"')).split('\n').length - 2;

describe('validateDocument', () => {
  test.each([text, new TextEncoder().encode(text), `\ufeff${text}`])(
    'places findings %#',
    (input) => {
      const { flow: loaded, diagnostics } = validateDocument(input, { file: 'f.json' });
      expect(loaded?.name).toBe('flow');
      expect(diagnostics.map(({ code, location }) => ({ code, location }))).toEqual([
        { code: 'DAG208', location: { pointer: '/nodes/2', file: 'f.json', line, column: 5 } },
      ]);
    },
  );

  it('places a finding on an absent part at the part around it', () => {
    const empty = JSON.stringify(buildFlow({ nodes: [], name: 'n' }));
    const { diagnostics } = validateDocument(empty);
    expect(diagnostics.map(({ location }) => location)).toEqual([
      { pointer: '/nodes', line: 1, column: empty.indexOf('"nodes":') + '"nodes":'.length + 1 },
    ]);
  });

  test.each([
    ['', 'DOC004'],
    ['{"id": "x",}', 'DOC004'],
    ['{}', 'DOC010'],
    [new Uint8Array([0xff]), 'DOC002'],
    ['['.repeat(100_000), 'DOC003'],
    [text.slice(0, 200), 'DOC004'],
    [text.replace('"inline"', '"inlin"'), 'DOC012'],
    [text.replace('"name"', '"__proto__": {}, "name"'), 'DOC006'],
  ])('refuses document %#', (input, code) => {
    const { flow: loaded, diagnostics } = validateDocument(input);
    expect(loaded).toBeUndefined();
    expect(diagnostics[0]?.code).toBe(code);
  });

  it('finds nothing in a good document', () => {
    const good = JSON.stringify(buildFlow({ nodes: ['start', 'a'], edges: ['start -> a'] }));
    expect(validateDocument(good).diagnostics).toEqual([]);
  });
});
