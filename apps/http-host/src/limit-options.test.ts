import yargs from 'yargs';
import { limitOptions, limitsOf, wholeNumber } from './limit-options.js';

const refuse = (problem: string) => new Error(problem);
const read = (...words: string[]) =>
  limitsOf(limitOptions(yargs(words).exitProcess(false)).parseSync(), refuse);

test('limits of the command line become options of the host', () => {
  const words = [
    '--deadline-ms',
    '60000',
    '--max-runs',
    '2',
    '--max-queued',
    '0',
    '--stall-timeout-ms',
    '9',
  ];
  const deadline = { deadlineMs: 60_000 };
  expect(read(...words)).toEqual({
    ...deadline,
    maxConcurrentRuns: 2,
    maxQueuedRuns: 0,
    stallTimeoutMs: 9,
  });
  expect(read()).toEqual({});
});

test.each([
  [['--deadline-ms', '0'], '--deadline-ms takes a whole number of at least 1.'],
  [['--max-runs', '0'], '--max-runs takes a whole number of at least 1.'],
  [['--max-queued', '-1'], '--max-queued takes a whole number of at least 0.'],
  [['--keep-alive-ms', '1.5'], '--keep-alive-ms takes a whole number of at least 1.'],
  [['--drain-ms', 'soon'], '--drain-ms takes a whole number of at least 0.'],
  [['--max-body-bytes', '1e300'], '--max-body-bytes takes a whole number of at least 1.'],
])('%j is refused', (words, problem) => {
  expect(() => read(...words)).toThrow(new Error(problem));
});

test('a number that was not given is no number', () => {
  expect(wholeNumber('rate-limit', undefined, 1, refuse)).toBeUndefined();
  expect(wholeNumber('rate-limit', 3, 1, refuse)).toBe(3);
});
