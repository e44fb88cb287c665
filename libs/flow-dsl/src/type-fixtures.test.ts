// The types of the DSL, proven by the compiler: what must compile does, what must not fails where and
// how the fixture says.
import { compareTypeErrors, expectationCount, typeFixtures } from './testing/type-fixture.js';

const WRONG_EDGE = `import { defineFlow, t } from '../../src/index.js';
export const flow = defineFlow('x', { version: '1.0.0' }, (f) => {
  const a = f.trigger('a', { output: t.String() });
  const b = f.inline('b', { input: t.Number(), run: (n) => n });
  f.connect(a, b);
});
`;

const GOOD_EDGE = `import { defineFlow, t } from '../../src/index.js';
export const flow = defineFlow('x', { version: '1.0.0' }, (f) => {
  const a = f.trigger('a', { output: t.Number() });
  const b = f.inline('b', { input: t.Number(), run: (n) => n });
  // fails: TS2345 something
  f.connect(a, b);
});
`;

const OTHER_MESSAGE = WRONG_EDGE.replace('  f.connect', '  // fails: TS2345 nonsense\n  f.connect');

const REFUSED =
  "TS2345 Argument of type 'TriggerNode<\"a\", string>' is not assignable to parameter of type 'Source<number>'.";

describe('the types of the DSL', () => {
  const fixtures = typeFixtures();
  const differences = compareTypeErrors(
    new Map([
      ...fixtures,
      ['unexpected-error.ts', WRONG_EDGE],
      ['missing-error.ts', GOOD_EDGE],
      ['other-message.ts', OTHER_MESSAGE],
    ]),
  );
  const firstLines = (name: string) => differences.get(name)!.map((line) => line.split(' | ')[0]);

  it.each([...fixtures.keys()])('%s fails to compile exactly where it says', (name) => {
    expect(differences.get(name)).toEqual([]);
  });

  it('has something to say in every fixture', () => {
    const counts = [...fixtures].map(([name, text]) => [name, expectationCount(text)]);
    expect(counts).toEqual([
      ['edges.ts', 13],
      ['handlers.ts', 14],
      ['surfaces.ts', 23],
    ]);
  });

  it('notices an error that no fixture expects', () => {
    expect(firstLines('unexpected-error.ts')).toEqual([`line 5: ${REFUSED}`]);
  });

  it('notices an expected error that does not come', () => {
    expect(firstLines('missing-error.ts')).toEqual(['line 6: compiles, TS2345 expected']);
  });

  it('notices an error with another message', () => {
    expect(firstLines('other-message.ts')).toEqual([`line 6: ${REFUSED}`]);
  });
});
