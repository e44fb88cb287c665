// Writes trace events as one JSON array, piece by piece, with bounded memory: where the sink cannot
// keep up, events are dropped and counted, since a trace must never hold up what it watches.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';

/** Where the text of a trace goes. A write that returns a promise is not followed by another until
 * it settles. */
export interface TraceSink {
  write(text: string): void | Promise<void>;
}

export interface TraceStreamOptions {
  /** Characters that are gathered before they are written; default 64 Ki. */
  readonly chunkChars?: number;
  /** Characters that may wait for the sink; default 4 Mi. */
  readonly maxPendingChars?: number;
}

export class TraceStream {
  readonly #sink: TraceSink;
  readonly #chunkChars: number;
  readonly #maxPendingChars: number;
  #pending: string[] = ['['];
  #pendingChars = 1;
  #isFirst = true;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #dropped = 0;

  constructor(sink: TraceSink, options: TraceStreamOptions = {}) {
    this.#sink = sink;
    this.#chunkChars = options.chunkChars ?? 64 * 1024;
    this.#maxPendingChars = options.maxPendingChars ?? 4 * 1024 * 1024;
  }

  /** Events that were dropped because the sink could not keep up. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Appends one event. */
  add(event: object): void {
    if (this.#failure !== undefined) return;
    if (this.#pendingChars >= this.#maxPendingChars) {
      this.#dropped += 1;
      return;
    }
    this.#appendEvent(event);
    if (this.#pendingChars >= this.#chunkChars) this.#flush();
  }

  /** Writes what is left, `last` even where there is no room, and the end of the array.
   * @throws DiagnosticError RUN340 when the sink has failed. */
  async close(last?: object): Promise<void> {
    if (last !== undefined) this.#appendEvent(last);
    this.#append('\n]\n');
    while (this.#failure === undefined && (this.#pendingChars > 0 || this.#writing !== undefined)) {
      this.#flush();
      await this.#writing;
    }
    if (this.#failure === undefined) return;
    const { error } = this.#failure;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DiagnosticError([diagnostic.RUN340({ reason })], { cause: error });
  }

  #appendEvent(event: object): void {
    this.#append(`${this.#isFirst ? '' : ','}\n${JSON.stringify(event)}`);
    this.#isFirst = false;
  }

  #append(text: string): void {
    this.#pending.push(text);
    this.#pendingChars += text.length;
  }

  #flush(): void {
    if (this.#writing !== undefined) return;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#pendingChars = 0;
    try {
      const written = this.#sink.write(text);
      if (written === undefined) return;
      this.#writing = written.then(
        () => this.#written(),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      this.#failed(error);
    }
  }

  #written(): void {
    this.#writing = undefined;
    if (this.#pendingChars >= this.#chunkChars) this.#flush();
  }

  #failed(error: unknown): void {
    this.#writing = undefined;
    this.#failure ??= { error };
    this.#pending = [];
    this.#pendingChars = 0;
  }
}
