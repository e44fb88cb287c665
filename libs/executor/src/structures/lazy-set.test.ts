import { LazySet } from './lazy-set.js';

test('behaves as a set', () => {
  const set = new LazySet<number>();
  expect([set.size, set.has(1), [...set]]).toEqual([0, false, []]);
  set.delete(1);
  for (const item of [3, 1, 3, 2]) set.add(item);
  set.delete(1);
  expect([set.size, set.has(1), set.has(2), [...set]]).toEqual([2, false, true, [3, 2]]);
});
