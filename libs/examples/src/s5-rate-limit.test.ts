import { s5RateLimit } from './s5-rate-limit.js';
import { codesOf, observeRun } from './testing/observe-run.js';

test('two at once, then one every 200 ms, none lost, in order', async () => {
  const { result, values } = await observeRun(s5RateLimit, { count: 12 });
  const at = [0, 0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000];
  expect(values).toEqual(at.map((at_ms, n) => ({ n, at_ms })));
  expect(result.status).toBe('completed');
});

test.each([0, 1001, 1.5])('refuses %d messages', async (count) => {
  const { result } = await observeRun(s5RateLimit, { count });
  expect(codesOf(result)).toEqual(['RUN116']);
});
