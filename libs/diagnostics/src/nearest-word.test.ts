import fc from 'fast-check';
import { nearestWord } from './nearest-word.js';

const commands = ['init', 'examples', 'graph', 'entrypoints', 'bindings', 'run', 'doctor'];

describe('nearestWord', () => {
  test.each([
    ['graph', 'graph'],
    ['grpah', 'graph'],
    ['GRAPH', 'graph'],
    ['exmples', 'examples'],
    ['examplees', 'examples'],
    ['docter', 'doctor'],
    ['urn', 'run'],
    ['entrypoitns', 'entrypoints'],
  ])('%s is meant as %s', (input, expected) => {
    expect(nearestWord(input, commands)).toBe(expected);
  });

  test.each([[''], ['x'], ['publish'], ['graphgraph'], ['g'.repeat(1_000_000)]])(
    'nothing is near %.20s',
    (input) => {
      expect(nearestWord(input, commands)).toBeUndefined();
    },
  );

  test('takes the first of equals, and none from an empty list', () => {
    expect(nearestWord('cat', ['bat', 'rat'])).toBe('bat');
    expect(nearestWord('cat', [])).toBeUndefined();
  });

  test('finds every word again after one edit', () => {
    const letter = fc.constantFrom('a', 'k', 'z', '1');
    fc.assert(
      fc.property(fc.constantFrom(...commands), fc.nat(), letter, (word, at, extra) => {
        const place = at % (word.length + 1);
        const typed = word.slice(0, place) + extra + word.slice(place);
        expect(nearestWord(typed, commands)).toBe(word);
      }),
    );
  });
});
