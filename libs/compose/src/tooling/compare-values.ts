// Whether a value is what a test expects: equal, or a map that has at least the expected entries, each of
// them as expected. Lists have to be of one length.
import { valuesEqual, type Value } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';

export interface ValueDifference {
  /** "$", or a path below it. */
  readonly path: string;
  readonly actual: Value;
  readonly expected: Value;
}

export function compareValues(actual: Value, expected: Value, path = '$'): ValueDifference[] {
  if (isMap(expected) && isMap(actual)) {
    return Object.keys(expected).flatMap((key) => {
      const found = Object.hasOwn(actual, key) ? actual[key]! : null;
      return compareValues(found, expected[key]!, `${path}.${key}`);
    });
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return (expected as readonly Value[]).flatMap((item, i) =>
      compareValues(actual[i] as Value, item, `${path}.${i}`),
    );
  }
  return valuesEqual(actual, expected) ? [] : [{ path, actual, expected }];
}
