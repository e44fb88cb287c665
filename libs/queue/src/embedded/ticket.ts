// What stands for a job in the lists that it goes through (ready, by flow, line of a partition, delayed,
// active): enough to decide about it without reading the job.
import { openRecord, sealRecord } from '../job-record.js';
import type { Item } from './item-record.js';

export interface Ticket {
  readonly id: string;
  readonly flow: string;
  readonly partition: string | null;
  readonly priority: number;
  readonly seq: number;
}

export function encodeTicket({ id, flow, partition, priority, seq }: Ticket | Item): Uint8Array {
  return sealRecord([id, flow, partition, priority, seq]);
}

const FIELDS = 5;

/** The ticket of a record; undefined where it is damaged or foreign. */
export function decodeTicket(record: Uint8Array): Ticket | undefined {
  const opened = openRecord(record);
  if ('problem' in opened) return undefined;
  const { value } = opened;
  if (!Array.isArray(value) || value.length !== FIELDS) return undefined;
  const [id, flow, partition, priority, seq] = value as [
    string,
    string,
    string | null,
    number,
    number,
  ];
  return { id, flow, partition, priority, seq };
}
