import { s2Site } from './s2-site.js';
import { codesOf, observeRun } from './testing/observe-run.js';

test('streams six events, 120 ms apart', async () => {
  const { result, values, times } = await observeRun(s2Site, { site: 'basalt.example' });
  const site = 'basalt.example';
  expect(values).toEqual([
    { site, step: 'queued', percent: 0 },
    { site, step: 'fetching', percent: 20 },
    { site, step: 'parsing', percent: 40 },
    { site, step: 'indexing', percent: 60 },
    { site, step: 'publishing', percent: 80 },
    { site, step: 'done', percent: 100 },
  ]);
  expect(times).toEqual([0, 120, 240, 360, 480, 600]);
  expect([result.status, result.summary.duration_ms]).toEqual(['completed', 600]);
});

test('a deadline pre-empts it between two events', async () => {
  const { result, values } = await observeRun(s2Site, {}, {}, { deadlineMs: 300 });
  expect(values).toHaveLength(3);
  expect([result.status, result.summary.duration_ms]).toEqual(['failed', 300]);
  expect(codesOf(result)[0]).toBe('TIME015');
});

test('its own deadline is five seconds', () => {
  expect(s2Site.ir.nodes[0]!.trigger!.deadline_ms).toBe(5000);
});
