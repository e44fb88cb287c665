// The streams of a host that a reader may come back to, by the id of their execution. Those that wait
// for a reader are bounded in number, and are given up where another execution needs their place.
import type { OutputStream } from './output-stream.js';

/** A stream and who may read it. */
export interface KnownStream {
  readonly stream: OutputStream;
  /** The route and the client that started it. */
  readonly owner: string;
}

/** What a reader has got: so many frames of an execution. */
export interface EventId {
  readonly runId: string;
  readonly seq: number;
}

export class KeptStreams {
  readonly #streams = new Map<string, KnownStream>();
  /** Ids of the streams without a reader, the one that waits longest first. */
  readonly #held = new Set<string>();
  readonly #maxHeld: number;

  constructor(maxHeld: number) {
    this.#maxHeld = maxHeld;
  }

  /** Streams that can be found. */
  get size(): number {
    return this.#streams.size;
  }

  add(runId: string, known: KnownStream): void {
    this.#streams.set(runId, known);
  }

  remove(runId: string): void {
    this.#streams.delete(runId);
    this.#held.delete(runId);
  }

  /** Notes that a stream waits for a reader, or no longer does. */
  hold(runId: string, isHeld: boolean): void {
    this.#held.delete(runId);
    if (!isHeld || !this.#streams.has(runId)) return;
    this.#held.add(runId);
    for (const oldest of this.#held) {
      if (this.#held.size <= this.#maxHeld) break;
      this.#giveUp(oldest);
    }
  }

  /** Gives up the execution that waits longest for a reader. False: there is none. */
  giveUpOne(): boolean {
    for (const runId of this.#held) {
      if (this.#streams.get(runId)?.stream.isOver !== false) continue;
      this.#giveUp(runId);
      return true;
    }
    return false;
  }

  /** Only for its owner: for anybody else there is no such stream. */
  find(runId: string, owner: string): OutputStream | undefined {
    const known = this.#streams.get(runId);
    return known?.owner === owner ? known.stream : undefined;
  }

  #giveUp(runId: string): void {
    const known = this.#streams.get(runId);
    this.remove(runId);
    known?.stream.abandon();
  }
}

/** Reads the id of an event, such as `<run id>/12`; undefined for text of any other form. */
export function parseEventId(text: string): EventId | undefined {
  const match = /^([\w.-]{1,128})\/(\d{1,15})$/.exec(text);
  return match === null ? undefined : { runId: match[1]!, seq: Number(match[2]) };
}
