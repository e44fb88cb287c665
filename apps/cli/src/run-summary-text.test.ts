import { describeSummary, mergeSummaries } from './run-summary-text.js';

const summary = (duration_ms: number, invocations: number, avg_ms: number, count: number) => ({
  duration_ms,
  nodes: [{ alias: 'a', invocations, avg_ms }],
  errors: count === 0 ? [] : [{ alias: 'a', error_kind: 'handler_error', count }],
});

test('several executions become one summary', () => {
  expect(
    mergeSummaries([summary(10, 1, 4, 0), summary(30, 3, 8, 2), summary(20, 0, 0, 1)]),
  ).toEqual({
    duration_ms: 30,
    nodes: [{ alias: 'a', invocations: 4, avg_ms: 7 }],
    errors: [{ alias: 'a', error_kind: 'handler_error', count: 3 }],
  });
  expect(mergeSummaries([summary(1, 0, 0, 0)]).nodes).toEqual([
    { alias: 'a', invocations: 0, avg_ms: 0 },
  ]);
});

test('as text', () => {
  const long = {
    ...summary(1234.5, 2, 0.005, 1),
    nodes: [...summary(0, 2, 0.005, 0).nodes, { alias: 'longer', invocations: 1, avg_ms: 12.3 }],
  };
  expect(describeSummary(long, 1)).toBe(
    '1235 ms\n  a       2 x 0.01 ms\n  longer  1 x 12 ms\n  a       1 x handler_error\n',
  );
  expect(describeSummary({ duration_ms: 1, nodes: [], errors: [] }, 3)).toBe(
    '1.00 ms for 3 executions\n',
  );
});
