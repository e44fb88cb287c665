import { compileFlow, startRun, type Run } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { humanApproval } from './human-approval.js';

const DAY_MS = 86_400_000;

/** One execution on a virtual clock; `decide` is asked once it waits. */
async function run(expense: Value, decide: (run: Run) => void = () => undefined) {
  let asked = 0;
  const observer = {
    waiting: () => {
      asked += 1;
      queueMicrotask(() => decide(started));
    },
  };
  const started: Run = startRun(
    compileFlow(humanApproval),
    { payload: expense },
    { deterministic: { seed: 1 }, observer },
  );
  const { status, output, summary } = await started.result;
  return { status, output, asked, waited: summary.duration_ms };
}

test('a small expense passes without a person', async () => {
  expect(await run({ id: 'e-1', amount: 100 })).toEqual({
    status: 'completed',
    output: { id: 'e-1', status: 'approved', by: 'rule' },
    asked: 0,
    waited: 0,
  });
});

test.each([
  [true, 'approved'],
  [false, 'refused'],
])('a person decides about a large one: %s', async (approved, status) => {
  const decide = (started: Run) => {
    expect(
      started.waiting().map(({ checkpointId, correlationKey }) => [checkpointId, correlationKey]),
    ).toEqual([['approval', 'e-2']]);
    expect(started.resume('approval', 'someone else', { approved, by: 'ann' })).toBe(false);
    expect(started.resume('approval', 'e-2', { approved, by: 'ann' })).toBe(true);
  };
  expect(await run({ id: 'e-2', amount: 101 }, decide)).toEqual({
    status: 'completed',
    output: { id: 'e-2', status, by: 'ann' },
    asked: 1,
    waited: 0,
  });
});

test('without a decision it expires after a day', async () => {
  expect(await run({ id: 'e-3', amount: 5000 })).toEqual({
    status: 'completed',
    output: { id: 'e-3', status: 'expired', by: 'clock' },
    asked: 1,
    waited: DAY_MS,
  });
});
