// The outputs of one execution on their way to one reader at a time. The next output is asked for only
// when the reader has taken what was written, so a slow reader slows the flow. A bounded number of
// frames is kept, so that a reader that was cut off gets exactly what it missed.
import type { Run, RunResult } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { Writable } from 'node:stream';
import type { ErrorEnvelope } from '../failure-answer.js';
import type { Frame, StreamFraming } from './stream-framing.js';

export interface OutputStreamOptions {
  readonly framing: StreamFraming;
  readonly keepAliveMs: number;
  /** How long the execution waits for a reader that was cut off; 0: it is cancelled at once. */
  readonly graceMs: number;
  readonly replayEvents: number;
  readonly replayBytes: number;
  /** The envelope of an execution that did not complete. */
  envelopeOf(result: RunResult): ErrorEnvelope;
  /** The stream has no reader and waits for one; false: it has one again. */
  onHeld(isHeld: boolean): void;
  /** Nobody came back in time: cancels the execution. */
  onAbandoned(): void;
  /** Nothing of the stream is needed any more. */
  onForgotten(): void;
}

interface KeptFrame {
  readonly seq: number;
  readonly frame: Frame;
}

export type Attached = 'attached' | 'ended' | 'gap';

export class OutputStream {
  readonly #run: Run;
  readonly #options: OutputStreamOptions;
  readonly #kept: KeptFrame[] = [];
  #keptBytes = 0;
  #lastSeq = 0;
  #reader: Writable | undefined = undefined;
  #isFull = false;
  #isOver = false;
  #isForgotten = false;
  #wake: (() => void) | undefined = undefined;
  #grace: NodeJS.Timeout | undefined = undefined;
  #keepAlive: NodeJS.Timeout | undefined = undefined;

  constructor(run: Run, options: OutputStreamOptions) {
    this.#run = run;
    this.#options = options;
    void this.#pump();
  }

  get runId(): string {
    return this.#run.id;
  }

  /** Content type of what is written. */
  get type(): string {
    return this.#options.framing.type;
  }

  /** Whether the last frame was made: the execution takes no place any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The result of an execution that ended before its first turn was over, other than completed: its
   * caller can still be told by a status. */
  async refusal(): Promise<RunResult | undefined> {
    const ended = await Promise.race([this.#run.result, undefined]);
    return ended?.status === 'completed' ? undefined : ended;
  }

  /** Gives the reader every frame after `seq`, and all that follow; one that was there before is let
   * go. gap: some of them are no longer kept. ended: there is none, and none will come. */
  attach(reader: Writable, seq: number): Attached {
    const oldest = this.#kept[0]?.seq ?? this.#lastSeq + 1;
    if (this.#isForgotten || seq > this.#lastSeq || seq < oldest - 1) return 'gap';
    if (this.#isOver && seq === this.#lastSeq) return 'ended';
    const before = this.#reader;
    this.#reader = undefined;
    before?.end();
    clearTimeout(this.#grace);
    this.#options.onHeld(false);
    this.#reader = reader;
    this.#isFull = false;
    reader.once('close', () => this.#detach(reader));
    reader.on('drain', () => this.#goOn(reader));
    reader.on('error', () => this.#detach(reader));
    const { opening, idle } = this.#options.framing;
    clearInterval(this.#keepAlive);
    this.#keepAlive = undefined;
    if (idle !== undefined) {
      this.#keepAlive = setInterval(() => this.#idle(idle), this.#options.keepAliveMs);
    }
    if (opening !== undefined) this.#write(opening);
    for (const kept of this.#kept) if (kept.seq > seq) this.#write(kept.frame);
    if (this.#isOver) reader.end();
    else if (!this.#isFull) this.#goOn(reader);
    return 'attached';
  }

  /** Gives the stream up: cancels an execution that is under way, and forgets what was kept. */
  abandon(): void {
    if (this.#isForgotten) return;
    this.#isForgotten = true;
    clearTimeout(this.#grace);
    clearInterval(this.#keepAlive);
    if (!this.#isOver) {
      this.#isOver = true;
      this.#options.onAbandoned();
      this.#wakeUp();
    }
    this.#kept.length = 0;
    this.#options.onHeld(false);
    this.#options.onForgotten();
  }

  async #pump(): Promise<void> {
    const outputs = this.#run.outputs();
    const { framing } = this.#options;
    try {
      for (;;) {
        while ((this.#reader === undefined || this.#isFull) && !this.#isForgotten) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
        if (this.#isForgotten) {
          await outputs.return?.(undefined);
          return;
        }
        const next = await outputs.next();
        if (next.done === true) break;
        this.#keep(framing.item(this.#nextPlace(), next.value as Value));
      }
    } catch {
      // The result of the execution says it better.
    }
    await this.#finish();
  }

  async #finish(): Promise<void> {
    const result = await this.#run.result;
    if (this.#isOver) return;
    const { framing, envelopeOf } = this.#options;
    const place = this.#nextPlace();
    const last =
      result.status === 'completed'
        ? framing.end(place)
        : framing.failure(place, envelopeOf(result));
    if (last !== undefined) this.#keep(last);
    this.#isOver = true;
    this.#reader?.end();
    if (this.#reader === undefined) this.#startGrace();
  }

  #nextPlace() {
    return { runId: this.#run.id, seq: this.#lastSeq + 1 };
  }

  #keep(frame: Frame): void {
    this.#lastSeq += 1;
    const { replayEvents, replayBytes } = this.#options;
    this.#kept.push({ seq: this.#lastSeq, frame });
    this.#keptBytes += frame.length;
    while (this.#kept.length > replayEvents || this.#keptBytes > replayBytes) {
      if (this.#kept.length === 1) break;
      this.#keptBytes -= this.#kept.shift()!.frame.length;
    }
    this.#write(frame);
  }

  #write(frame: Frame): void {
    const reader = this.#reader;
    if (reader === undefined || !reader.writable) return;
    this.#keepAlive?.refresh();
    if (!reader.write(frame)) this.#isFull = true;
  }

  /** Shows proxies, and a reader that is half gone, that the connection is in use. */
  #idle(frame: Frame): void {
    if (!this.#isFull) this.#write(frame);
  }

  #goOn(reader: Writable): void {
    if (reader !== this.#reader) return;
    this.#isFull = false;
    this.#wakeUp();
  }

  #wakeUp(): void {
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
    if (this.#isForgotten) return;
    if (this.#options.graceMs === 0) {
      this.abandon();
      return;
    }
    this.#grace = setTimeout(() => this.abandon(), this.#options.graceMs);
    if (this.#isOver) this.#grace.unref();
    this.#options.onHeld(true);
  }
}
