import { clickstreamSessions } from './clickstream-sessions.js';
import { codesOf, observeRun } from './testing/observe-run.js';

const click = (user: string, page: string, at_ms: number) => ({ user, page, at_ms });

test('a minute of silence ends a session, each user by itself, late clicks apart', async () => {
  const clicks = [
    click('ann', '/', 0),
    click('bob', '/', 5000),
    click('ann', '/buy', 20_000),
    click('ann', '/', 200_000),
    click('bob', '/late', 6000),
  ];
  const { result, values } = await observeRun(clickstreamSessions, { clicks });
  expect(result.status).toBe('completed');
  expect(values).toEqual([
    { user: 'bob', pages: ['/'], seconds: 0 },
    { user: 'ann', pages: ['/', '/buy'], seconds: 20 },
    { user: 'bob', pages: ['late:/late'], seconds: 0 },
    { user: 'ann', pages: ['/'], seconds: 0 },
  ]);
});

test('a click out of order within the allowed lateness joins its session', async () => {
  const clicks = [
    click('ann', '/b', 40_000),
    click('ann', '/a', 15_000),
    click('ann', '/c', 60_000),
  ];
  const { values } = await observeRun(clickstreamSessions, { clicks });
  expect(values).toEqual([{ user: 'ann', pages: ['/a', '/b', '/c'], seconds: 45 }]);
});

test('no click, no session', async () => {
  const { result, values } = await observeRun(clickstreamSessions, { clicks: [] });
  expect([result.status, values]).toEqual(['completed', []]);
});

test('refuses a click without a time', async () => {
  const { result } = await observeRun(clickstreamSessions, { clicks: [{ user: 'a', page: '/' }] });
  expect(codesOf(result)).toEqual(['RUN116']);
});
