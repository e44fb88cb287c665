// Draws the items of a handler's stream, one at a time and only while there is room for what it gave
// before, so that a stream of any length takes the memory of a few items.
import { runTrapped } from '../determinism/determinism-trap.js';
import { errorOf } from './failure.js';
import { nonValue, type Invocation } from './invocation.js';
import { checkValue, type Value } from '@basalt/ir';

export class StreamPump {
  readonly #invocation: Invocation;
  readonly #source: AsyncIterable<unknown>;
  #items: AsyncIterator<unknown> | undefined = undefined;
  /** A call of the iterator is pending. */
  #drawing = false;
  #stopped = false;
  /** The process has its turn. */
  #resting = false;

  constructor(invocation: Invocation, source: AsyncIterable<unknown>) {
    this.#invocation = invocation;
    this.#source = source;
    invocation.following(true);
  }

  /** Asks for the next item. */
  next(): void {
    let drawn: Promise<IteratorResult<unknown>>;
    try {
      const { run, alias } = this.#invocation;
      drawn = Promise.resolve(run.traps ? runTrapped(alias, () => this.#draw()) : this.#draw());
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#drawing = true;
    drawn.then(
      (item) => {
        this.#drawing = false;
        this.#take(item);
        this.#invocation.run.drain();
      },
      (error: unknown) => {
        this.#drawing = false;
        this.#fail(error);
        this.#invocation.run.drain();
      },
    );
  }

  /** There is room again. */
  freed(): void {
    if (!this.#drawing && !this.#resting && !this.#stopped && this.#items !== undefined)
      this.#goOn();
  }

  /** Closes the stream: at once where it waits for room, else after the pending item. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (!this.#drawing) this.#close();
  }

  /** A stream that never really waits must not keep timers and I/O of the process from running. */
  #goOn(): void {
    const { run } = this.#invocation;
    if (!run.spend()) {
      this.next();
      return;
    }
    this.#resting = true;
    run.afterTurn(() => {
      this.#resting = false;
      if (!this.#stopped && this.#invocation.heldCount === 0) this.next();
    });
  }

  #draw(): Promise<IteratorResult<unknown>> {
    this.#items ??= this.#source[Symbol.asyncIterator]();
    return this.#items.next();
  }

  #take(item: IteratorResult<unknown>): void {
    const invocation = this.#invocation;
    if (this.#stopped) {
      if (item?.done) this.#over();
      else this.#close();
      return;
    }
    if (typeof item !== 'object' || item === null) {
      this.#fail(new TypeError('the iterator gave no object'));
      return;
    }
    if (item.done) {
      this.#over();
      invocation.returned(undefined);
      return;
    }
    const fault = checkValue(item.value);
    if (fault !== undefined) {
      this.#stopped = true;
      this.#close();
      invocation.failed(nonValue(invocation, fault));
      return;
    }
    try {
      invocation.putItem(item.value as Value);
    } catch (error) {
      this.#stopped = true;
      this.#close();
      invocation.failed(errorOf(error, invocation, 'routing_failed'));
      return;
    }
    if (invocation.heldCount === 0) this.#goOn();
  }

  // Runs the stream's clean-up; the invocation counts as busy until that has ended.
  #close(): void {
    let closed: unknown;
    try {
      closed = this.#items?.return?.();
    } catch {
      closed = undefined;
    }
    const over = () => {
      this.#over();
      this.#invocation.run.drain();
    };
    Promise.resolve(closed).then(over, over);
  }

  #over(): void {
    this.#stopped = true;
    this.#invocation.following(false);
    if (this.#invocation.run.isStopping) this.#invocation.end('cancelled', undefined);
  }

  #fail(error: unknown): void {
    const wasStopped = this.#stopped;
    this.#over();
    if (!wasStopped) this.#invocation.failed(errorOf(error, this.#invocation));
  }
}
