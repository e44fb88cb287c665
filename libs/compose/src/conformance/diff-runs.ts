// Two runs of a suite, compared as canonical JSON without what differs from run to run.
import { encodeCanonical, type Value } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';
import { compareValues, type ValueDifference } from '../tooling/compare-values.js';
import { setEntry, type State } from '../run/state.js';
import type { FixtureResult } from './run-suite.js';

/** Keys whose values are of one run alone. */
const VOLATILE = new Set([
  'durationMs',
  'duration_ms',
  'metadata',
  'mtime',
  'ctime',
  'id',
  'stream',
  'timestamp',
]);

export interface RunDifference {
  readonly name: string;
  /** missing: only in one of the runs. */
  readonly kind: 'missing' | 'status' | 'report';
  readonly details: readonly ValueDifference[];
}

/** Differences by name of the fixture; empty where the runs are the same. */
export function diffRuns(
  before: readonly FixtureResult[],
  after: readonly FixtureResult[],
): readonly RunDifference[] {
  const old = new Map(before.map((result) => [result.name, result]));
  const names = [...new Set([...old.keys(), ...after.map(({ name }) => name)])].sort();
  const now = new Map(after.map((result) => [result.name, result]));
  return names.flatMap((name) => difference(name, old.get(name), now.get(name)) ?? []);
}

function difference(
  name: string,
  before: FixtureResult | undefined,
  after: FixtureResult | undefined,
): RunDifference | undefined {
  if (before === undefined || after === undefined) {
    const [actual, expected] = [after?.status ?? null, before?.status ?? null];
    return { name, kind: 'missing', details: [{ path: '$', actual, expected }] };
  }
  if (before.status !== after.status) {
    const details = [{ path: '$.status', actual: after.status, expected: before.status }];
    return { name, kind: 'status', details };
  }
  const [old, now] = [stable(before.report), stable(after.report)];
  if (Buffer.compare(encodeCanonical(old), encodeCanonical(now)) === 0) return undefined;
  const details = [...compareValues(now, old), ...newKeys(old, now)];
  return { name, kind: 'report', details };
}

/** What only looking from the other side shows: keys that were not there. */
function newKeys(old: Value, now: Value): readonly ValueDifference[] {
  return compareValues(old, now)
    .filter(({ path, actual }) => actual === null && !hasPath(old, path))
    .map(({ path, expected }) => ({ path, actual: expected, expected: null }));
}

function hasPath(value: Value, path: string): boolean {
  let found: Value | undefined = value;
  for (const key of path.split('.').slice(1)) {
    const parent: Value | undefined = found;
    found = Array.isArray(parent)
      ? (parent[Number(key)] as Value | undefined)
      : isMap(parent)
        ? parent[key]
        : undefined;
    if (found === undefined) return false;
  }
  return true;
}

/** The value without what is volatile, and without empty messages. */
export function stable(value: Value): Value {
  if (Array.isArray(value)) return (value as readonly Value[]).map(stable);
  if (!isMap(value)) return value;
  const result: State = {};
  for (const [key, item] of Object.entries(value)) {
    const isEmpty = key === 'messages' && Array.isArray(item) && item.length === 0;
    if (!VOLATILE.has(key) && !isEmpty) setEntry(result, key, stable(item));
  }
  return result;
}
