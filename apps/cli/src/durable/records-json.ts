// Records of a journal as JSON: their values in the lossless form, everything else as it is.
import type { RunRecord } from '@basalt/executor';
import { valueToJson, type Value } from '@basalt/ir';

/** Fields of records that hold values. */
const VALUES: ReadonlySet<string> = new Set(['value', 'output', 'correlation', 'event', 'undo']);

/** One record. */
export function recordJson(record: RunRecord): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, VALUES.has(name) ? valueToJson(value as Value) : value]),
  );
}
