import { quantile, summarize } from '../statistics.mjs';

test('the median of an even count lies between the two middle samples', () => {
  expect(summarize([4, 1, 3, 2])).toEqual({
    n: 4,
    median: 2.5,
    low: expect.closeTo(1.3),
    high: expect.closeTo(3.7),
  });
});

test('one sample is its own summary', () => {
  expect(summarize([7])).toEqual({ n: 1, median: 7, low: 7, high: 7 });
});

test('quantiles reach both ends', () => {
  expect([quantile([1, 2, 9], 0), quantile([1, 2, 9], 1)]).toEqual([1, 9]);
});
