// What the journal of a run says that it waits for.
import type { RunRecord } from '@basalt/executor';
import { valueToJson, type Value } from '@basalt/ir';

export interface OpenWait {
  readonly checkpoint: string;
  readonly key: Value;
  /** The end of the wait, in milliseconds since the Unix epoch; undefined where it has none. */
  readonly due: number | undefined;
}

/** A wait as callers see it. */
export interface ShownWait {
  readonly checkpoint: string;
  readonly key: unknown;
  readonly due?: number;
}

/** In the order in which they began. */
export function openWaits(records: readonly RunRecord[]): readonly OpenWait[] {
  const open = new Map<string, OpenWait>();
  for (const record of records) {
    if (record.kind === 'waiting') {
      const { checkpoint, correlation, due } = record;
      open.set(record.key, { checkpoint, key: correlation, due });
    } else if (record.kind === 'resumed') {
      open.delete(record.key);
    }
  }
  return [...open.values()];
}

export function shownWait({ checkpoint, key, due }: OpenWait): ShownWait {
  return { checkpoint, key: valueToJson(key), ...(due === undefined ? {} : { due }) };
}
