import fc from 'fast-check';
import { compare, parse } from 'semver';
import { highestOf, rangeOf } from './pick-version.js';

const versions = ['1.0.0', '1.2.10', '1.2.9', '2.0.0-rc.1', '2.0.0', '0.9.1', '3.0.0-beta'];

test.each<[string, string | undefined]>([
  ['*', '2.0.0'],
  ['latest', '2.0.0'],
  ['', '2.0.0'],
  ['1', '1.2.10'],
  ['1.x', '1.2.10'],
  ['1.2', '1.2.10'],
  ['^1.0.0', '1.2.10'],
  ['~1.0.0', '1.0.0'],
  ['1.2.9', '1.2.9'],
  ['^0.9.0 || ~1.0.0', '1.0.0'],
  ['3', undefined],
  ['3.0.0-beta', '3.0.0-beta'],
  ['>=2.0.0-rc.0 <2.0.0', '2.0.0-rc.1'],
  ['banana', undefined],
])('%s means %s', (range, expected) => {
  expect(highestOf(versions, range)).toBe(expected);
});

test('what is no range is known', () => {
  expect(['banana', '>=x.y', '1.2.3.4'].map(rangeOf)).toEqual([undefined, undefined, undefined]);
});

const number = fc.integer({ min: 0, max: 12 });
const version = fc.tuple(number, number, number).map((parts) => parts.join('.'));

test('the highest version that fits is picked, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(version), number, fc.nat(), (list, major, seed) => {
      const fitting = list.filter((one) => parse(one)!.major === major).sort(compare);
      const turned = [...list.slice(seed % (list.length || 1)), ...list].reverse();
      expect(highestOf(list, String(major))).toBe(fitting.at(-1));
      expect(highestOf(turned, `${major}.x`)).toBe(fitting.at(-1));
    }),
  );
});

test('one of several builds is picked, always the same', () => {
  const builds = ['1.0.0+a', '1.0.0+c', '1.0.0+b'];
  expect(highestOf(builds, '1')).toBe('1.0.0+c');
  expect(highestOf(builds.toReversed(), '1')).toBe('1.0.0+c');
});
