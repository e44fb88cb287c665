// The order within a partition. At most `perKey` of its jobs are on their way at once: open (among the
// ready ones), active, or held for their next attempt. The rest stand in the line of the partition, and
// move up when one of those is out of the way.
import { numberPart, textPart } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';
import { decodeTicket, encodeTicket, type Ticket } from './ticket.js';

/** How many jobs of a partition are on their way. */
export interface PartitionCounts {
  open: number;
  active: number;
  held: number;
}

const BYTES = 12;

export function partitionCounts(tx: QueueTransaction, partition: string): PartitionCounts {
  const record = tx.get(tx.keys.key('partition', textPart(partition)));
  if (record === undefined || record.byteLength !== BYTES) return { open: 0, active: 0, held: 0 };
  const view = new DataView(record.buffer, record.byteOffset, BYTES);
  return { open: view.getUint32(0), active: view.getUint32(4), held: view.getUint32(8) };
}

/** Changes one of the counts. Never below 0, whatever damaged records make of them. */
export function countInPartition(
  tx: QueueTransaction,
  partition: string | null,
  changes: Partial<PartitionCounts>,
): void {
  if (partition === null) return;
  const counts = partitionCounts(tx, partition);
  const open = Math.max(0, counts.open + (changes.open ?? 0));
  const active = Math.max(0, counts.active + (changes.active ?? 0));
  const held = Math.max(0, counts.held + (changes.held ?? 0));
  const key = tx.keys.key('partition', textPart(partition));
  if (open + active + held === 0) {
    tx.remove(key);
    return;
  }
  const record = Buffer.allocUnsafe(BYTES);
  record.writeUInt32BE(open, 0);
  record.writeUInt32BE(active, 4);
  record.writeUInt32BE(held, 8);
  tx.put(key, record);
}

/** Puts a ticket among the ready ones. */
export function open(tx: QueueTransaction, ticket: Ticket): void {
  tx.makeReady(ticket);
  countInPartition(tx, ticket.partition, { open: 1 });
}

/** Takes a ticket from among the ready ones; false where it is not there. */
export function unopen(tx: QueueTransaction, ticket: Ticket): boolean {
  if (!tx.takeReady(ticket)) return false;
  countInPartition(tx, ticket.partition, { open: -1 });
  return true;
}

/** A job has arrived: it is ready, or joins the line of its partition. */
export function arrive(tx: QueueTransaction, ticket: Ticket): void {
  const { partition, seq } = ticket;
  if (partition === null) {
    open(tx, ticket);
    return;
  }
  tx.put(lineKey(tx, partition, seq), encodeTicket(ticket));
  moveUp(tx, partition);
}

/** Takes a waiting job out of the line of its partition; false where it is not there. */
export function leaveLine(tx: QueueTransaction, { partition, seq }: Ticket): boolean {
  return partition !== null && tx.remove(lineKey(tx, partition, seq));
}

/** Lets jobs of a partition move up from its line into what is free. */
export function moveUp(tx: QueueTransaction, partition: string | null): void {
  if (partition === null) return;
  const { open: ready, active, held } = partitionCounts(tx, partition);
  const free = tx.meta.perKey - ready - active - held;
  if (free <= 0) return;
  for (const { key, value } of tx.entries(tx.keys.range('line', textPart(partition)), free)) {
    tx.remove(key);
    const ticket = decodeTicket(value);
    // A damaged place is put aside when its turn comes, where that of a job in the line is.
    if (ticket !== undefined) open(tx, ticket);
    else tx.put(tx.keys.ready(0, (tx.meta.seq += 1)), value);
  }
}

function lineKey(tx: QueueTransaction, partition: string, seq: number): Buffer {
  return tx.keys.key('line', textPart(partition), numberPart(seq));
}
