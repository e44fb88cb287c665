// Keeps large or waiting messages outside memory, in a blob store. What is read back is checked
// against the hash of what was written, so that a store which loses or alters bytes is noticed and
// never taken for data.
//
// A message is kept under the prefix of its execution, its edge and a slot: the lowest number that is
// free on the edge. An execution that is started again under the same name after a crash makes its
// messages anew, so what it finds in its slots is of no use: it is removed before the first slot of an
// edge is written, and at the end. How far slots may reach is marked in the store before they do, since
// a blob store cannot list what it has.
import type { BlobStore } from '@basalt/capabilities';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { decodeCanonical, encodeCanonical, hashBytes, type Value } from '@basalt/ir';

/** Stands for a spilled value; it is all that stays in memory. */
export interface SpillTicket {
  /** Where the value is in the blob store. */
  readonly key: string;
  /** Size of its canonical CBOR. */
  readonly bytes: number;
  /** BLAKE3-256 of its canonical CBOR, lower-case hex. */
  readonly hash: string;
}

/** The slots of one edge. */
interface EdgeSlots {
  readonly edge: string;
  /** Slots that were used and are free, unordered. */
  readonly free: number[];
  /** The lowest slot that was never used. */
  next: number;
  /** Slots below this are known of in the store. */
  marked: number;
  /** Settles when what an earlier execution left is gone. */
  swept: Promise<void> | undefined;
  /** Settles when the last writing of the mark is over. */
  marking: Promise<void>;
}

interface Kept {
  readonly slots: EdgeSlots;
  readonly slot: number;
}

/** The mark is raised by this factor, so that it is written seldom. */
const MARK_GROWTH = 8;
/** A mark beyond this is damaged: no execution has so many messages on one edge. */
const LARGEST_MARK = MARK_GROWTH ** 8;
/** Removals under way at once. */
const SWEEP_WIDTH = 32;

/** The spilled messages of one execution. */
export class SpillStore {
  readonly #blob: BlobStore;
  readonly #prefix: string;
  readonly #isNamed: boolean;
  readonly #kept = new Map<string, Kept>();
  readonly #edges = new Map<string, EdgeSlots>();
  readonly #writing = new Set<Promise<unknown>>();

  /** @param prefix goes before every key; it has to differ between executions that share a store.
   * @param isNamed the execution may be started again under the same prefix: what it left is removed
   * then. */
  constructor(blob: BlobStore, prefix: string, isNamed = false) {
    this.#blob = blob;
    this.#prefix = prefix;
    this.#isNamed = isNamed;
  }

  /** Values that were put and not discarded. */
  get size(): number {
    return this.#kept.size;
  }

  /** Writes a value. The caller keeps it until this resolves.
   * @throws DiagnosticError RUN320 when it was not stored. */
  async put(edge: string, value: Value): Promise<SpillTicket> {
    const encoded = encodeCanonical(value);
    const slots = this.#slotsOf(edge);
    const slot = takeSlot(slots);
    const key = this.#keyOf(slots, slot);
    // Before the write: one that fails may have left a part behind.
    this.#kept.set(key, { slots, slot });
    const writing = this.#write(slots, slot, key, encoded);
    this.#writing.add(writing);
    try {
      await writing;
    } catch (error) {
      const params = { edge, bytes: encoded.length, reason: reasonOf(error) };
      throw new DiagnosticError([diagnostic.RUN320(params)], { cause: error });
    } finally {
      this.#writing.delete(writing);
    }
    return { key, bytes: encoded.length, hash: hashBytes(encoded) };
  }

  /** Reads a value back; it stays until it is discarded.
   * @throws DiagnosticError RUN321 when the store fails or has lost it, RUN322 when it is damaged. */
  async load(ticket: SpillTicket): Promise<Value> {
    const { key } = ticket;
    let found: Uint8Array | undefined;
    try {
      found = await this.#blob.get(key);
    } catch (error) {
      const lost = diagnostic.RUN321({ key, reason: reasonOf(error) });
      throw new DiagnosticError([lost], { cause: error });
    }
    if (found === undefined) {
      throw new DiagnosticError([diagnostic.RUN321({ key, reason: 'it is not there any more' })]);
    }
    const problem = damageOf(found, ticket);
    if (problem !== undefined) {
      throw new DiagnosticError([diagnostic.RUN322({ key, problem })]);
    }
    return decodeCanonical(found);
  }

  /** Removes a value; nothing happens when it is gone already.
   * @throws DiagnosticError RUN323 when the store fails; `clear` will try again. */
  async discard(ticket: SpillTicket): Promise<void> {
    await this.#remove(ticket.key);
  }

  /** Removes everything that was not discarded, at the end of the execution, after what is being
   * written; tries each even where one fails. A named store removes what an earlier execution left on
   * these edges as well. @throws DiagnosticError RUN323, one for each that could not be removed. */
  async clear(edges: readonly string[] = []): Promise<void> {
    await Promise.allSettled([...this.#writing]);
    const failures: unknown[] = [];
    if (this.#isNamed) {
      for (const edge of edges) {
        await this.#swept(this.#slotsOf(edge)).catch((error: unknown) => failures.push(error));
      }
    }
    failures.push(...(await inTurns([...this.#kept.keys()], (key) => this.#remove(key))));
    const marks = [...this.#edges.values()].filter(({ marked }) => marked > 0);
    if (failures.length === 0)
      failures.push(...(await inTurns(marks, (slots) => this.#unmark(slots))));
    const [first, ...others] = failures.map((error) => (error as DiagnosticError).diagnostic);
    if (first !== undefined) throw new DiagnosticError([first, ...others]);
  }

  async #write(slots: EdgeSlots, slot: number, key: string, encoded: Uint8Array): Promise<void> {
    if (this.#isNamed) {
      await this.#swept(slots);
      if (slot >= slots.marked) await this.#mark(slots, slot);
    }
    await this.#blob.put(key, encoded);
  }

  /** Says in the store that slots up to this one may be used. */
  #mark(slots: EdgeSlots, slot: number): Promise<void> {
    const raised = async () => {
      if (slot < slots.marked) return;
      let mark = Math.max(slots.marked, 1);
      while (mark <= slot) mark *= MARK_GROWTH;
      await this.#blob.put(this.#keyOf(slots, 'mark'), encodeCanonical(mark));
      slots.marked = mark;
    };
    const marking = slots.marking.then(raised);
    slots.marking = marking.catch(() => undefined);
    return marking;
  }

  #swept(slots: EdgeSlots): Promise<void> {
    if (slots.swept !== undefined) return slots.swept;
    const sweeping = this.#sweep(slots);
    slots.swept = sweeping;
    // A store that fails now may answer later.
    sweeping.catch(() => (slots.swept = undefined));
    return sweeping;
  }

  /** Removes what was left in the slots of the edge; what cannot be removed is tried again at the end. */
  async #sweep(slots: EdgeSlots): Promise<void> {
    const key = this.#keyOf(slots, 'mark');
    let found: Uint8Array | undefined;
    try {
      found = await this.#blob.get(key);
    } catch (error) {
      throw new DiagnosticError([diagnostic.RUN323({ key, reason: reasonOf(error) })]);
    }
    if (found === undefined) return;
    slots.marked = readMark(found);
    const left: number[] = [];
    for (let slot = 0; slot < slots.marked; slot += 1) left.push(slot);
    await inTurns(left, async (slot) => {
      const name = this.#keyOf(slots, slot);
      try {
        await this.#blob.delete(name);
      } catch {
        if (!this.#kept.has(name)) this.#kept.set(name, { slots, slot });
      }
    });
  }

  async #unmark(slots: EdgeSlots): Promise<void> {
    const key = this.#keyOf(slots, 'mark');
    try {
      await this.#blob.delete(key);
      slots.marked = 0;
    } catch (error) {
      throw new DiagnosticError([diagnostic.RUN323({ key, reason: reasonOf(error) })]);
    }
  }

  async #remove(key: string): Promise<void> {
    try {
      await this.#blob.delete(key);
    } catch (error) {
      const left = diagnostic.RUN323({ key, reason: reasonOf(error) });
      throw new DiagnosticError([left], { cause: error });
    }
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    if (kept.slot < kept.slots.next) kept.slots.free.push(kept.slot);
  }

  #slotsOf(edge: string): EdgeSlots {
    let slots = this.#edges.get(edge);
    if (slots === undefined) {
      const marking = Promise.resolve();
      slots = { edge, free: [], next: 0, marked: 0, swept: undefined, marking };
      this.#edges.set(edge, slots);
    }
    return slots;
  }

  #keyOf({ edge }: EdgeSlots, slot: number | 'mark'): string {
    return `${this.#prefix}/${encodeURIComponent(edge)}/${slot}`;
  }
}

function takeSlot(slots: EdgeSlots): number {
  const free = slots.free.pop();
  if (free !== undefined) return free;
  slots.next += 1;
  return slots.next - 1;
}

/** A damaged mark counts as none: what it stood for is left behind, and overwritten where it is met. */
function readMark(found: Uint8Array): number {
  try {
    const mark = decodeCanonical(found);
    return typeof mark === 'number' && mark >= 1 && mark <= LARGEST_MARK ? Math.floor(mark) : 1;
  } catch {
    return 1;
  }
}

/** Calls for each item, some at once. @returns what was thrown. */
async function inTurns<T>(
  items: readonly T[],
  call: (item: T) => Promise<void>,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (let at = 0; at < items.length; at += SWEEP_WIDTH) {
    const results = await Promise.allSettled(items.slice(at, at + SWEEP_WIDTH).map(call));
    for (const result of results) if (result.status === 'rejected') failures.push(result.reason);
  }
  return failures;
}

function damageOf(found: Uint8Array, { bytes, hash }: SpillTicket): string | undefined {
  if (found.length !== bytes) return `it has ${found.length} bytes instead of ${bytes}`;
  if (hashBytes(found) !== hash) return 'its checksum differs';
  return undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
