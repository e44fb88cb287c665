// The outputs of one execution as Server-Sent Events (WHATWG HTML, section 9.2), for one reader at a
// time. The next output is asked for only when the reader has taken what was written, so a slow reader
// slows the flow. A bounded number of events is kept, so that a reader that was cut off gets exactly
// what it missed.
import type { Run, RunResult } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { Writable } from 'node:stream';
import type { ErrorEnvelope } from '../failure-answer.js';
import { jsonText } from '../value-answer.js';

export interface EventStreamOptions {
  readonly keepAliveMs: number;
  readonly retryMs: number;
  readonly graceMs: number;
  readonly replayEvents: number;
  readonly replayBytes: number;
  /** The envelope of an execution that did not complete. */
  envelopeOf(result: RunResult): ErrorEnvelope;
  /** Nobody came back in time: cancels the execution. */
  onAbandoned(): void;
  /** Nothing of the stream is needed any more. */
  onForgotten(): void;
}

interface KeptEvent {
  readonly seq: number;
  readonly frame: string;
}

export type Attached = 'attached' | 'ended' | 'gap';

export class EventStream {
  readonly #run: Run;
  readonly #options: EventStreamOptions;
  readonly #kept: KeptEvent[] = [];
  #keptBytes = 0;
  #lastSeq = 0;
  #reader: Writable | undefined = undefined;
  #isFull = false;
  #isOver = false;
  #wake: (() => void) | undefined = undefined;
  #grace: NodeJS.Timeout | undefined = undefined;
  #keepAlive: NodeJS.Timeout | undefined = undefined;

  constructor(run: Run, options: EventStreamOptions) {
    this.#run = run;
    this.#options = options;
    void this.#pump();
  }

  /** Gives the reader every event after `seq`, and all that follow; one that was there before is let
   * go. gap: some of them are no longer kept. ended: there is none, and none will come. */
  attach(reader: Writable, seq: number): Attached {
    const oldest = this.#kept[0]?.seq ?? this.#lastSeq + 1;
    if (seq > this.#lastSeq || seq < oldest - 1) return 'gap';
    if (this.#isOver && seq === this.#lastSeq) return 'ended';
    const before = this.#reader;
    this.#reader = undefined;
    before?.end();
    clearTimeout(this.#grace);
    this.#reader = reader;
    this.#isFull = false;
    reader.once('close', () => this.#detach(reader));
    reader.on('drain', () => this.#goOn(reader));
    reader.on('error', () => this.#detach(reader));
    this.#keepAlive = setInterval(() => this.#comment(), this.#options.keepAliveMs);
    this.#write(`retry: ${this.#options.retryMs}\n\n`);
    for (const event of this.#kept) if (event.seq > seq) this.#write(event.frame);
    if (this.#isOver) reader.end();
    else if (!this.#isFull) this.#goOn(reader);
    return 'attached';
  }

  async #pump(): Promise<void> {
    const outputs = this.#run.outputs();
    try {
      for (;;) {
        while (this.#reader === undefined || this.#isFull) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
        const next = await outputs.next();
        if (next.done === true) break;
        this.#event(undefined, jsonText(next.value as Value));
      }
    } catch {
      // The result of the execution says it better.
    }
    await this.#finish();
  }

  async #finish(): Promise<void> {
    const result = await this.#run.result;
    if (this.#isOver) return;
    if (result.status === 'completed') {
      this.#event('end', JSON.stringify({ run_id: this.#run.id }));
    } else {
      this.#event('error', JSON.stringify(this.#options.envelopeOf(result)));
    }
    this.#isOver = true;
    this.#reader?.end();
    if (this.#reader === undefined) this.#startGrace();
  }

  #event(name: string | undefined, data: string): void {
    this.#lastSeq += 1;
    const seq = this.#lastSeq;
    const event = name === undefined ? '' : `event: ${name}\n`;
    const frame = `id: ${this.#run.id}/${seq}\n${event}data: ${data}\n\n`;
    const { replayEvents, replayBytes } = this.#options;
    this.#kept.push({ seq, frame });
    this.#keptBytes += frame.length;
    while (this.#kept.length > replayEvents || this.#keptBytes > replayBytes) {
      if (this.#kept.length === 1) break;
      this.#keptBytes -= this.#kept.shift()!.frame.length;
    }
    this.#write(frame);
  }

  #write(text: string): void {
    const reader = this.#reader;
    if (reader === undefined || !reader.writable) return;
    this.#keepAlive?.refresh();
    if (!reader.write(text)) this.#isFull = true;
  }

  /** Shows proxies, and a reader that is half gone, that the connection is in use. */
  #comment(): void {
    if (!this.#isFull) this.#write(': keep-alive\n\n');
  }

  #goOn(reader: Writable): void {
    if (reader !== this.#reader) return;
    this.#isFull = false;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #detach(reader: Writable): void {
    if (reader !== this.#reader) return;
    this.#reader = undefined;
    clearInterval(this.#keepAlive);
    this.#startGrace();
  }

  #startGrace(): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => this.#abandon(), this.#options.graceMs);
    if (this.#isOver) this.#grace.unref();
  }

  #abandon(): void {
    if (!this.#isOver) {
      this.#options.onAbandoned();
      // The pump has to see the end of the outputs.
      this.#isOver = true;
    }
    this.#options.onForgotten();
  }
}
