import { nearestWord } from './nearest-word.js';

test.each([
  ['at_lest_once', ['at_least_once', 'at_most_once'], 'at_least_once'],
  ['Pure', ['pure', 'read_only'], 'pure'],
  ['swich', ['switch', 'if'], 'switch'],
  ['fi', ['if'], undefined],
  ['banana', ['pure', 'read_only'], undefined],
  ['', ['pure'], undefined],
  ['', ['x'], 'x'],
  ['ab', [], undefined],
])('%j among %j is %j', (word, candidates, expected) => {
  expect(nearestWord(word, candidates)).toBe(expected);
});

test('a huge word is compared by its start only', () => {
  expect(nearestWord('x'.repeat(10_000_000), ['pure'])).toBeUndefined();
});
