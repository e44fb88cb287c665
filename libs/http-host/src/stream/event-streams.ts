// The event streams of a host that a reader may come back to, by the id of their execution.
import type { EventStream } from './event-stream.js';

/** A stream and who may read it. */
export interface KnownStream {
  readonly stream: EventStream;
  /** The route and the client that started it. */
  readonly owner: string;
}

export interface EventId {
  readonly runId: string;
  readonly seq: number;
}

export class EventStreams {
  readonly #streams = new Map<string, KnownStream>();

  add(runId: string, known: KnownStream): void {
    this.#streams.set(runId, known);
  }

  remove(runId: string): void {
    this.#streams.delete(runId);
  }

  /** Only for its owner: for anybody else there is no such stream. */
  find(runId: string, owner: string): EventStream | undefined {
    const known = this.#streams.get(runId);
    return known?.owner === owner ? known.stream : undefined;
  }
}

/** Reads the id of an event, such as `<run id>/12`; undefined for text of any other form. */
export function parseEventId(text: string): EventId | undefined {
  const match = /^([\w.-]{1,128})\/(\d{1,15})$/.exec(text);
  return match === null ? undefined : { runId: match[1]!, seq: Number(match[2]) };
}
