// The keys of one queue in the table of all queues: number of the queue, kind, and what orders or names
// the record. Numbers are big-endian, so that the order of bytes is the order of numbers.
import { hashBytes } from '@basalt/ir';

/** The kinds of records. A number, once given, is never given another meaning. */
export const KIND = {
  meta: 1,
  item: 2,
  body: 3,
  ready: 4,
  flow: 5,
  line: 6,
  partition: 7,
  delayed: 8,
  active: 9,
  worker: 10,
  dedupe: 11,
  dedupeEnd: 12,
  dead: 13,
  finished: 14,
  schedule: 15,
  tick: 16,
  id: 17,
} as const;

export type Kind = keyof typeof KIND;

const HEAD_BYTES = 5;
/** Longest text, in UTF-8 bytes, that is part of a key as it is. */
const LONGEST_TEXT = 200;
const TOP_PRIORITY = 100;

/** A range of keys; `end` is not part of it. */
export interface KeyRange {
  readonly start: Buffer;
  readonly end: Buffer;
}

/** A text as part of a key: its length and itself, or the mark of a hash and the hash. No such part
 * begins with another one. */
export function textPart(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.byteLength <= LONGEST_TEXT
    ? Buffer.concat([Buffer.of(bytes.byteLength), bytes])
    : Buffer.concat([Buffer.of(0xff), Buffer.from(hashBytes(bytes), 'hex')]);
}

/** Length of what `numberPart` writes. */
export const NUMBER_BYTES = 8;

/** A whole number from 0 to 2^53 as part of a key. */
export function numberPart(number: number): Buffer {
  const part = Buffer.allocUnsafe(NUMBER_BYTES);
  part.writeUInt32BE(Math.floor(number / 2 ** 32), 0);
  part.writeUInt32BE(number >>> 0, 4);
  return part;
}

/** Reads what `numberPart` wrote. */
export function readNumber(key: Uint8Array, at: number): number {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  return view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
}

/** Where the parts of a key begin that follow its kind. */
export const PARTS_AT = HEAD_BYTES;

/** The keys of one queue. @param queue its number, which no other queue has. */
export class QueueKeys {
  readonly #heads: Readonly<Record<Kind, Buffer>>;

  constructor(queue: number) {
    const heads = Object.entries(KIND).map(([kind, number]) => {
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeUInt32BE(queue);
      head[4] = number;
      return [kind, head] as const;
    });
    this.#heads = Object.fromEntries(heads) as Record<Kind, Buffer>;
  }

  key(kind: Kind, ...parts: readonly Uint8Array[]): Buffer {
    return Buffer.concat([this.#heads[kind], ...parts]);
  }

  /** All keys of a kind that begin with these parts. */
  range(kind: Kind, ...parts: readonly Uint8Array[]): KeyRange {
    const start = this.key(kind, ...parts);
    return { start, end: after(start) };
  }

  /** The place of a job among those that are ready: higher priorities first, then by arrival. */
  ready(priority: number, seq: number): Buffer {
    const key = Buffer.allocUnsafe(HEAD_BYTES + 9);
    key.set(this.#heads.ready);
    key[HEAD_BYTES] = TOP_PRIORITY - priority;
    key.writeUInt32BE(Math.floor(seq / 2 ** 32), HEAD_BYTES + 1);
    key.writeUInt32BE(seq >>> 0, HEAD_BYTES + 5);
    return key;
  }

  /** The same place among those of one flow. */
  flow(flow: string, priority: number, seq: number): Buffer {
    return this.key('flow', textPart(flow), this.ready(priority, seq).subarray(HEAD_BYTES));
  }
}

/** The first key after all that begin with `prefix`. */
export function after(prefix: Buffer): Buffer {
  const next = Buffer.from(prefix);
  for (let i = next.byteLength - 1; i >= 0; i -= 1) {
    next[i] = (next[i]! + 1) & 0xff;
    if (next[i] !== 0) return next.subarray(0, i + 1);
  }
  throw new RangeError('no key follows');
}
