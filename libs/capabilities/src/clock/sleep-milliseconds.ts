// The one reading of a sleep's length, so that every clock refuses the same values.

/** `ms` as a wait: negative counts as 0, NaN is a RangeError. */
export function sleepMilliseconds(ms: number): number {
  if (typeof ms !== 'number' || Number.isNaN(ms)) {
    throw new RangeError(`sleep takes a number of milliseconds, not ${String(ms)}`);
  }
  return Math.max(0, ms);
}
