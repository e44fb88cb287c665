// How much a host takes on, and how long it waits: the words of the command line, and the options of
// the host that they stand for.
import type { HttpHostOptions } from '@basalt/http-host';
import type { Argv } from 'yargs';

/** What a limit of the command line is called in the host, the least that it may be, and its help. */
const LIMITS = [
  ['deadline-ms', 'deadlineMs', 1, 'Deadline of an execution, in place of that of its trigger'],
  ['max-runs', 'maxConcurrentRuns', 1, 'Executions at once; more wait, then get 503'],
  ['max-queued', 'maxQueuedRuns', 0, 'Executions that wait; more get 503 at once'],
  ['max-body-bytes', 'maxBodyBytes', 1, 'Largest body where a trigger says nothing'],
  ['headers-timeout-ms', 'headersTimeoutMs', 1, 'Longest time for the headers of a request'],
  ['request-timeout-ms', 'requestTimeoutMs', 1, 'Longest time for a whole request'],
  ['keep-alive-ms', 'keepAliveTimeoutMs', 1, 'An idle connection is closed after this time'],
  ['stall-timeout-ms', 'stallTimeoutMs', 1, 'A reader that takes nothing is cut off after this'],
  ['resume-grace-ms', 'resumeGraceMs', 0, 'How long a cut-off event stream waits for its reader'],
  ['drain-ms', 'drainMs', 0, 'How long a shutdown waits for executions'],
] as const;

/** Whole numbers, by the words of the command line in camel case as yargs gives them. */
export type LimitArgs = Readonly<Record<string, unknown>>;

/** Adds the words. */
export function limitOptions<T>(y: Argv<T>): Argv<T> {
  for (const [word, , , describe] of LIMITS) {
    y.option(word, { type: 'number', describe, requiresArg: true });
  }
  return y.option('rate-limit', {
    type: 'number',
    describe: 'Requests a second of each client; more get 429',
    requiresArg: true,
  });
}

/** The limits that were given. @param refuse says what a limit must be. */
export function limitsOf(args: LimitArgs, refuse: (problem: string) => Error): HttpHostOptions {
  const limits: Record<string, number> = {};
  for (const [word, name, minimum] of LIMITS) {
    const value = wholeNumber(word, args[word], minimum, refuse);
    if (value !== undefined) limits[name] = value;
  }
  return limits;
}

/** A whole number of the command line; undefined where it was not given. */
export function wholeNumber(
  word: string,
  value: unknown,
  minimum: number,
  refuse: (problem: string) => Error,
): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= minimum) return value as number;
  throw refuse(`--${word} takes a whole number of at least ${minimum}.`);
}
