// One transaction on one queue: its table, the time, and what is read once and written once however many
// changes are made: the record of counts, the states of jobs, and the places of jobs that become ready. A
// job that comes and is delivered in one transaction so never stands among the ready ones on disk.
import type { Table } from '@basalt/capabilities';
import { decodeItem, encodeItem, type Item } from './item-record.js';
import { countAgain } from './count-again.js';
import {
  NUMBER_BYTES,
  numberPart,
  textPart,
  type KeyRange,
  type Kind,
  type QueueKeys,
} from './queue-keys.js';
import { encodeTicket, type Ticket } from './ticket.js';
import { decodeMeta, encodeMeta, newMeta, type QueueMeta } from './queue-meta.js';

export interface Entry {
  readonly key: Buffer;
  readonly value: Uint8Array;
}

/** A job that the transaction has to do with. */
interface Known {
  /** What its records stand under. */
  readonly number: Buffer;
  item: Item;
  /** Its state is not written yet. */
  changed: boolean;
  /** Its record, where it came in this transaction. */
  readonly body?: Uint8Array;
}

/** What every transition of the queue works on. Nothing in memory may change while it lasts: its body
 * may be run a second time. */
export class QueueTransaction {
  readonly keys: QueueKeys;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A number from 0 up to 1, for the jitter of delays. */
  readonly chance: () => number;
  /** Deliveries that were settled in this transaction: their workers have room again. */
  readonly released = new Set<unknown>();
  /** Jobs that were put among the ready ones in this transaction. */
  opened = 0;
  /** Ids of jobs that were done in this transaction. */
  readonly done: string[] = [];
  readonly #table: Table;
  readonly #known = new Map<string, Known>();
  /** Became ready in this transaction and have no place on disk yet, by their numbers. */
  readonly #unplaced = new Map<number, Ticket>();
  #meta: QueueMeta | undefined;

  constructor(table: Table, keys: QueueKeys, now: number, chance: () => number) {
    this.#table = table;
    this.keys = keys;
    this.now = now;
    this.chance = chance;
  }

  /** Counts and numbers; what is changed in it is written by `finish`. */
  get meta(): QueueMeta {
    if (this.#meta !== undefined) return this.#meta;
    const record = this.get(this.keys.key('meta'));
    this.#writeItems();
    this.#meta = record === undefined ? newMeta() : (decodeMeta(record) ?? countAgain(this));
    return this.#meta;
  }

  get(key: Buffer): Uint8Array | undefined {
    return this.#table.get(key);
  }

  put(key: Buffer, value: Uint8Array): void {
    this.#table.putSync(key, value as Buffer);
  }

  remove(key: Buffer): boolean {
    return this.#table.removeSync(key);
  }

  /** The first `limit` entries of a range, copied: the table may be changed while they are used. */
  entries({ start, end }: KeyRange, limit = Infinity): Entry[] {
    const found: Entry[] = [];
    const options = limit === Infinity ? { start, end } : { start, end, limit };
    for (const { key, value } of this.#table.getRange(options)) {
      found.push({ key: Buffer.from(key), value: Uint8Array.from(value) });
    }
    return found;
  }

  /** How many entries a range has: O(n). */
  count({ start, end }: KeyRange): number {
    return this.#table.getKeysCount({ start, end });
  }

  isEmpty({ start, end }: KeyRange): boolean {
    return this.#table.getKeysCount({ start, end, limit: 1 }) === 0;
  }

  /** Whether a job of this id is in the queue or was done not long ago. */
  knows(id: string): boolean {
    return this.#known.has(id) || this.#numberOf(id) !== undefined;
  }

  /** Makes a job known. Its records stand under a number that grows, not under its id: jobs that come
   * and go together so share pages of the disk, however random their ids are. */
  add(item: Item, body: Uint8Array): void {
    const number = numberPart(item.seq);
    this.put(this.#idKey(item.id), number);
    this.put(this.keys.key('body', number), body);
    this.#known.set(item.id, { number, item, changed: true, body });
  }

  /** The state of a job; undefined where it is unknown or its record is damaged. Who changes it puts it.
   * @param seq its number, where that is known: its records usually stand under it. */
  item(id: string, seq?: number): Item | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return known.item;
    const near = seq === undefined ? undefined : this.#itemAt(numberPart(seq), id);
    if (near !== undefined) return near;
    const number = this.#numberOf(id);
    return number && this.#itemAt(number, id);
  }

  #itemAt(number: Buffer, id: string): Item | undefined {
    const record = this.get(this.keys.key('item', number));
    const item = record && decodeItem(record);
    if (item === undefined || 'problem' in item || item.id !== id) return undefined;
    this.#known.set(id, { number, item, changed: false });
    return item;
  }

  /** The record of a state that cannot be read. */
  itemRecord(id: string): Uint8Array | undefined {
    const number = this.#numberOf(id);
    return number && this.get(this.keys.key('item', number));
  }

  /** The record of the job itself. */
  body(id: string): Uint8Array | undefined {
    const known = this.#known.get(id);
    if (known?.body !== undefined) return known.body;
    const number = known?.number ?? this.#numberOf(id);
    return number && this.get(this.keys.key('body', number));
  }

  putItem(item: Item): void {
    const known = this.#known.get(item.id);
    if (known !== undefined) {
      known.item = item;
      known.changed = true;
      return;
    }
    let number = this.#numberOf(item.id);
    if (number === undefined) {
      number = numberPart((this.meta.seq += 1));
      this.put(this.#idKey(item.id), number);
    }
    this.#known.set(item.id, { number, item, changed: true });
  }

  /** Removes every record of a job. */
  forget(id: string): void {
    const number = this.#numberOf(id);
    this.#known.delete(id);
    this.remove(this.#idKey(id));
    if (number === undefined) return;
    this.remove(this.keys.key('item', number));
    this.remove(this.keys.key('body', number));
  }

  /** Puts a ticket among the ready ones. */
  makeReady(ticket: Ticket): void {
    this.opened += 1;
    this.#unplaced.set(ticket.seq, ticket);
  }

  /** Takes a ticket from among the ready ones; false where it is not there. */
  takeReady({ priority, seq, flow }: Ticket): boolean {
    if (this.#unplaced.delete(seq)) return true;
    if (!this.remove(this.keys.ready(priority, seq))) return false;
    if (this.meta.flowIndexed) this.remove(this.keys.flow(flow, priority, seq));
    return true;
  }

  /** All that are ready, in order, where every one of them has become so in this transaction. */
  onlyNewReady(): readonly Ticket[] | undefined {
    if (this.#unplaced.size === 0 || this.meta.ready !== this.#unplaced.size) return undefined;
    return [...this.#unplaced.values()].sort((a, b) => b.priority - a.priority || a.seq - b.seq);
  }

  /** Gives those that are ready their places in the lists. */
  placeReady(): void {
    for (const ticket of this.#unplaced.values()) {
      const { flow, priority, seq } = ticket;
      const record = encodeTicket(ticket);
      this.put(this.keys.ready(priority, seq), record);
      if (this.meta.flowIndexed) this.put(this.keys.flow(flow, priority, seq), record);
    }
    this.#unplaced.clear();
  }

  #idKey(id: string): Buffer {
    return this.keys.key('id', textPart(id));
  }

  #numberOf(id: string): Buffer | undefined {
    const number = this.get(this.#idKey(id));
    return number?.byteLength === NUMBER_BYTES ? Buffer.from(number) : undefined;
  }

  all(kind: Kind): Entry[] {
    return this.entries(this.keys.range(kind));
  }

  #writeItems(): void {
    for (const known of this.#known.values()) {
      if (!known.changed) continue;
      this.put(this.keys.key('item', known.number), encodeItem(known.item));
      known.changed = false;
    }
  }

  /** Writes what was changed. */
  finish(): void {
    this.#writeItems();
    this.placeReady();
    if (this.#meta === undefined) return;
    const key = this.keys.key('meta');
    const before = this.get(key);
    if (before !== undefined && encodeMeta(this.#meta).equals(before)) return;
    this.#meta.clock = Math.max(this.#meta.clock, this.now);
    this.put(key, encodeMeta(this.#meta));
  }
}
