// What a queue keeps about each job beside the job itself, which never changes: where it is and what has
// become of it so far.
import { openRecord, sealRecord } from '../job-record.js';
import { isMap } from '../is-map.js';

/** ready: among the ready jobs, or in the line of its partition. held: waits for its next attempt and
 * holds its partition. */
export type Place = 'ready' | 'delayed' | 'held' | 'active' | 'parked' | 'dead' | 'done';

/** The state of one job. */
export interface Item {
  readonly id: string;
  readonly flow: string;
  readonly partition: string | null;
  readonly priority: number;
  place: Place;
  /** Its number in the order of arrival. */
  seq: number;
  /** Deliveries that were begun and count. */
  attempts: number;
  /** Those of them whose worker was lost. */
  lost: number;
  /** Due time where it is delayed, held, or parked for a limited time, number of its dead letter where it is dead, else 0. */
  at: number;
  /** When its delay was set, where that counts from then and not on the wall clock; else 0. */
  since: number;
  /** Token of the worker that has it. */
  worker: string;
  /** It was resumed while it was active: parking it puts it back at once. */
  resumed: boolean;
}

/** The record of an item. */
export function encodeItem(item: Item): Uint8Array {
  const { id, flow, partition, priority, place, seq, attempts, lost, at, since, worker } = item;
  const { resumed } = item;
  return sealRecord([
    id,
    flow,
    partition,
    priority,
    place,
    seq,
    attempts,
    lost,
    at,
    since,
    worker,
    resumed,
  ]);
}

const FIELDS = 12;

/** The item of a record, or what is wrong with the record, in words. */
export function decodeItem(record: Uint8Array): Item | { readonly problem: string } {
  const opened = openRecord(record);
  if ('problem' in opened) return opened;
  const { value } = opened;
  if (!Array.isArray(value) || value.length !== FIELDS || isMap(value)) {
    return { problem: 'it holds no state of a job' };
  }
  const [id, flow, partition, priority, place, seq, attempts, lost, at, since, worker, resumed] =
    value as [
      string,
      string,
      string | null,
      number,
      Place,
      number,
      number,
      number,
      number,
      number,
      string,
      boolean,
    ];
  return {
    id,
    flow,
    partition,
    priority,
    place,
    seq,
    attempts,
    lost,
    at,
    since,
    worker,
    resumed,
  };
}
