// Where an execution's results leave it. A value capture keeps the first one; a stream capture is a
// bounded queue that its consumer draws from, and a full one holds its node back.
import type { DiagnosticError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { Sender } from './edge-run.js';
import { RingBuffer } from '../structures/ring-buffer.js';

/** Values that wait for the consumer of a stream. */
export const CAPTURE_CAPACITY = 8;

export interface Capture {
  /** Values that were offered. */
  readonly count: number;
  /** The first value; undefined where there was none, and in a stream. */
  readonly first: Value | undefined;
  /** True while an output waits for the consumer. */
  readonly isHeld: boolean;
  offer(value: Value, sender: Sender): void;
  /** No value follows; with an error, the consumer gets it after what is queued. */
  close(error: DiagnosticError | undefined): void;
  /** Every value, in order. One consumer; leaving early cancels the execution. */
  values(): AsyncIterableIterator<Value>;
}

/** Told the first value. */
interface CaptureListener {
  captured(value: Value): void;
}

export class ValueCapture implements Capture {
  count = 0;
  first: Value | undefined = undefined;
  readonly isHeld = false;
  readonly #listener: CaptureListener;
  #closed = false;
  #onClose: (() => void) | undefined = undefined;
  #error: DiagnosticError | undefined = undefined;

  constructor(listener: CaptureListener) {
    this.#listener = listener;
  }

  offer(value: Value): void {
    this.count += 1;
    if (this.count > 1) return;
    this.first = value;
    this.#listener.captured(value);
  }

  close(error: DiagnosticError | undefined): void {
    this.#error = error;
    this.#closed = true;
    this.#onClose?.();
  }

  async *values(): AsyncIterableIterator<Value> {
    if (!this.#closed) await new Promise<void>((resolve) => (this.#onClose = resolve));
    if (this.#error !== undefined) throw this.#error;
    if (this.first !== undefined) yield this.first;
  }
}

/** An output that waits for the consumer. */
interface HeldOutput {
  readonly value: Value;
  readonly sender: Sender;
  readonly sinceMs: number;
}

export class StreamCapture implements Capture {
  count = 0;
  readonly first = undefined;
  readonly #queue = new RingBuffer<Value>();
  readonly #held = new RingBuffer<HeldOutput>();
  readonly #now: () => number;
  readonly #onRoom: (waitedMs: number) => void;
  readonly #onLeave: () => void;
  #wake: (() => void) | undefined;
  #closed = false;
  #error: DiagnosticError | undefined;

  /** @param onRoom an output that waited has got its place. @param onLeave the consumer is gone. */
  constructor(now: () => number, onRoom: (waitedMs: number) => void, onLeave: () => void) {
    this.#now = now;
    this.#onRoom = onRoom;
    this.#onLeave = onLeave;
  }

  get isHeld(): boolean {
    return this.#held.length > 0;
  }

  offer(value: Value, sender: Sender): void {
    this.count += 1;
    if (this.#queue.length >= CAPTURE_CAPACITY || this.#held.length > 0) {
      this.#held.push({ value, sender, sinceMs: this.#now() });
      sender.held();
      return;
    }
    this.#put(value);
  }

  close(error: DiagnosticError | undefined): void {
    this.#closed = true;
    this.#error = error;
    this.#held.clear();
    this.#notify();
  }

  async *values(): AsyncIterableIterator<Value> {
    let finished = false;
    try {
      for (;;) {
        while (this.#queue.length > 0) yield this.#take();
        if (this.#closed) break;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      finished = true;
      if (this.#error !== undefined) throw this.#error;
    } finally {
      if (!finished) this.#onLeave();
    }
  }

  #take(): Value {
    const value = this.#queue.shift()!;
    const next = this.#held.shift();
    if (next !== undefined) {
      this.#put(next.value);
      next.sender.released();
      this.#onRoom(this.#now() - next.sinceMs);
    }
    return value;
  }

  #put(value: Value): void {
    this.#queue.push(value);
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
