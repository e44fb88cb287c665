// Gives ready jobs to a worker: the first in order that its limits, the queue's rate and the partitions
// let through.
import { decodeJob } from '../job-record.js';
import type { Job } from '../job.js';
import type { WorkerLimits } from '../worker-limits.js';
import { buryUnreadable } from './bury-job.js';
import type { Item } from './item-record.js';
import { countInPartition, moveUp, partitionCounts, unopen } from './partition-line.js';
import { PARTS_AT, after, numberPart, textPart, type KeyRange } from './queue-keys.js';
import type { Entry, QueueTransaction } from './queue-transaction.js';
import { decodeTicket, encodeTicket, type Ticket } from './ticket.js';

/** A job that was given to a worker. */
export interface Taken {
  readonly job: Job;
  readonly attempt: number;
  readonly seq: number;
}

/** Who takes, and how much. */
export interface Taker {
  readonly queue: string;
  /** Token of the worker. */
  readonly worker: string;
  readonly limits: WorkerLimits;
  /** How many more it has room for. */
  readonly room: number;
  /** Active deliveries by flow. */
  readonly flows: ReadonlyMap<string, number>;
}

/** Ready jobs that are looked at in one piece. */
const PIECE = 64;
/** After so many that the worker may not take, it is asked flow by flow. */
const MAX_SKIPPED = 256;

/** Takes up to `room` jobs. O(jobs taken), and O(flows) where limits of flows stand in the way. */
export function takeJobs(tx: QueueTransaction, taker: Taker): readonly Taken[] {
  if (tx.meta.paused) return [];
  const room = Math.min(taker.room, rateLeft(tx, taker.limits));
  const taking = new Taking(tx, taker, room);
  if (!taking.fromAll()) taking.fromFlows();
  const count = taking.taken.length;
  if (count > 0 && taker.limits.rate !== undefined) tx.meta.rateCount += count;
  return taking.taken;
}

/** How many deliveries may still begin in the window. A window that begins in the future was made by a
 * clock that has been set back since. */
function rateLeft({ meta, now }: QueueTransaction, { rate }: WorkerLimits): number {
  if (rate === undefined) return Infinity;
  if (now >= meta.rateStart + rate.perMs || now < meta.rateStart) {
    meta.rateStart = now;
    meta.rateCount = 0;
  }
  return Math.max(0, rate.max - meta.rateCount);
}

class Taking {
  readonly taken: Taken[] = [];
  readonly #tx: QueueTransaction;
  readonly #taker: Taker;
  readonly #room: number;
  readonly #flows: Map<string, number>;

  constructor(tx: QueueTransaction, taker: Taker, room: number) {
    this.#tx = tx;
    this.#taker = taker;
    this.#room = room;
    this.#flows = new Map(taker.flows);
  }

  get #full(): boolean {
    return this.taken.length >= this.#room;
  }

  /** Goes through the ready jobs in order; false where too many had to be passed over. */
  fromAll(): boolean {
    const { keys } = this.#tx;
    const tickets = this.#tx.onlyNewReady();
    if (tickets !== undefined && tickets.length <= MAX_SKIPPED) {
      for (const ticket of tickets) if (!this.#full) this.#takeTicket(ticket);
      return true;
    }
    this.#tx.placeReady();
    let range: KeyRange = keys.range('ready');
    let skipped = 0;
    while (!this.#full) {
      const limit = Math.min(PIECE, this.#room - this.taken.length + skipped);
      const piece = this.#tx.entries(range, limit);
      for (const entry of piece) {
        if (this.#full) return true;
        if (!this.#take(entry) && (skipped += 1) > MAX_SKIPPED) return false;
      }
      if (piece.length < limit) return true;
      range = { start: after(piece.at(-1)!.key), end: range.end };
    }
    return true;
  }

  /** Goes through the flows that are not at their limit, always the first of all their jobs next. */
  fromFlows(): void {
    if (!this.#tx.meta.flowIndexed) indexFlows(this.#tx);
    const heads = this.#heads();
    while (!this.#full && heads.length > 0) {
      heads.sort((a, b) => Buffer.compare(a.order, b.order));
      const head = heads[0]!;
      if (this.#flowIsFull(head.ticket.flow)) {
        heads.shift();
        continue;
      }
      this.#takeTicket(head.ticket);
      const next = this.#headOf({ start: after(head.key), end: head.end });
      if (next === undefined) heads.shift();
      else heads[0] = next;
    }
  }

  #heads(): Head[] {
    const heads: Head[] = [];
    const all = this.#tx.keys.range('flow');
    let start = all.start;
    for (;;) {
      const [entry] = this.#tx.entries({ start, end: all.end }, 1);
      if (entry === undefined) return heads;
      const length = entry.key[PARTS_AT]!;
      const nameEnd = PARTS_AT + 1 + (length === 0xff ? 32 : length);
      const end = after(entry.key.subarray(0, nameEnd));
      const head = this.#headOf({ start, end });
      if (head !== undefined) heads.push(head);
      start = end;
    }
  }

  #headOf({ start, end }: KeyRange): Head | undefined {
    let from = start;
    for (;;) {
      const [entry] = this.#tx.entries({ start: from, end }, 1);
      if (entry === undefined) return undefined;
      const ticket = decodeTicket(entry.value);
      if (ticket !== undefined) {
        const order = this.#tx.keys.ready(ticket.priority, ticket.seq);
        return { key: entry.key, end, ticket, order };
      }
      // The list of all ready jobs has it too, and puts it aside from there.
      this.#tx.remove(entry.key);
      from = after(entry.key);
    }
  }

  #flowIsFull(flow: string): boolean {
    const most = this.#taker.limits.perFlow.get(flow);
    return most !== undefined && (this.#flows.get(flow) ?? 0) >= most;
  }

  /** False where the worker may not take it now. */
  #take({ key, value }: Entry): boolean {
    const tx = this.#tx;
    const ticket = decodeTicket(value);
    if (ticket !== undefined && key.equals(tx.keys.ready(ticket.priority, ticket.seq))) {
      return this.#takeTicket(ticket);
    }
    tx.remove(key);
    tx.meta.ready -= 1;
    buryUnreadable(tx, this.#taker.queue, value, 'its place among the ready jobs is damaged');
    return true;
  }

  #takeTicket(ticket: Ticket): boolean {
    const tx = this.#tx;
    const { limits, worker } = this.#taker;
    const { flow, partition } = ticket;
    if (this.#flowIsFull(flow)) return false;
    if (partition !== null && partitionCounts(tx, partition).active >= limits.perKey) return false;
    unopen(tx, ticket);
    tx.meta.ready -= 1;
    const found = readJob(tx, this.#taker.queue, ticket);
    if (found === undefined) {
      moveUp(tx, partition);
      return true;
    }
    const { job, item } = found;
    countInPartition(tx, partition, { active: 1 });
    item.place = 'active';
    item.attempts += 1;
    item.worker = worker;
    tx.putItem(item);
    tx.put(activeKey(tx, worker, item.seq), encodeTicket(item));
    tx.meta.active += 1;
    this.#flows.set(flow, (this.#flows.get(flow) ?? 0) + 1);
    this.taken.push({ job, attempt: item.attempts, seq: item.seq });
    return true;
  }
}

interface Head {
  readonly key: Buffer;
  readonly end: Buffer;
  readonly ticket: Ticket;
  readonly order: Buffer;
}

/** Where an active job is listed under its worker. */
export function activeKey(tx: QueueTransaction, worker: string, seq: number): Buffer {
  return tx.keys.key('active', textPart(worker), numberPart(seq));
}

/** The job behind a ticket; what cannot be read is put aside. */
function readJob(
  tx: QueueTransaction,
  queue: string,
  ticket: Ticket,
): { readonly job: Job; readonly item: Item } | undefined {
  const item = tx.item(ticket.id, ticket.seq);
  const body = tx.body(ticket.id);
  const decoded = body && decodeJob(body);
  if (item !== undefined && decoded !== undefined && 'job' in decoded) {
    return { job: decoded.job, item };
  }
  const problem =
    decoded !== undefined && 'problem' in decoded
      ? decoded.problem
      : decoded === undefined
        ? 'it is missing'
        : 'its state is damaged';
  const known: Item = {
    ...ticket,
    place: 'dead',
    attempts: item?.attempts ?? 0,
    lost: 0,
    at: 0,
    since: 0,
    worker: '',
    resumed: false,
  };
  const raw = body ?? tx.itemRecord(ticket.id) ?? new Uint8Array(0);
  buryUnreadable(tx, queue, raw, problem, known);
  return undefined;
}

/** Lists the ready jobs by flow from now on. */
function indexFlows(tx: QueueTransaction): void {
  for (const { value } of tx.all('ready')) {
    const ticket = decodeTicket(value);
    if (ticket === undefined) continue;
    tx.put(tx.keys.flow(ticket.flow, ticket.priority, ticket.seq), value);
  }
  tx.meta.flowIndexed = 1;
}
