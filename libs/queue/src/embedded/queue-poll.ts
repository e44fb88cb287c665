// When an embedded queue is looked at: at once where this process changes it, when the next delayed job
// or schedule is due, and else in intervals, short after something has happened and longer while nothing
// does. Other processes can only be noticed by looking; a look costs some microseconds.

/** What a look at the queue has shown. */
export interface Outlook {
  /** There are ready jobs, and the queue is not paused. */
  readonly takeable: boolean;
  /** Something can be done now. */
  readonly act: boolean;
  /** When something will be due, on the wall clock; Infinity where nothing will. */
  readonly next: number;
}

export interface PollActions {
  look(): Promise<Outlook>;
  /** Does what is due; gives out jobs. */
  tend(): Promise<void>;
  now(): number;
  onFault(fault: unknown): void;
}

const LEAST_MS = 2;
const MOST_MS = 200;
const AFTER_FAULT_MS = 1_000;

export class QueuePoll {
  readonly #actions: PollActions;
  #interval = LEAST_MS;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is set to fire, on a clock that nobody sets. */
  #at = Infinity;
  #stopped = true;
  #looking = false;
  #again = false;

  constructor(actions: PollActions) {
    this.#actions = actions;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.soon();
  }

  stop(): void {
    this.#stopped = true;
    this.#at = Infinity;
    clearTimeout(this.#timer);
  }

  /** Looks in this turn or the next. */
  soon(): void {
    this.#interval = LEAST_MS;
    if (this.#looking) this.#again = true;
    else this.#set(0);
  }

  /** A transaction of this process has shown how things are. */
  seen({ next }: Outlook, took: boolean): void {
    if (took) this.#interval = LEAST_MS;
    if (next !== Infinity) this.#set(Math.max(0, next - this.#actions.now()));
  }

  /** Sets the timer, unless it fires earlier anyway. */
  #set(ms: number): void {
    if (this.#stopped || this.#looking) return;
    const delay = Math.min(ms, MOST_MS);
    const at = performance.now() + delay;
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => void this.#look(), delay);
  }

  async #look(): Promise<void> {
    this.#at = Infinity;
    this.#looking = true;
    this.#again = false;
    let wait = AFTER_FAULT_MS;
    try {
      const { act, next } = await this.#actions.look();
      this.#interval = Math.min(MOST_MS, this.#interval * 2);
      // What is given out by this makes the interval short again.
      if (act) await this.#actions.tend();
      wait = Math.min(this.#interval, Math.max(0, next - this.#actions.now()));
    } catch (fault) {
      this.#actions.onFault(fault);
    }
    this.#looking = false;
    this.#set(this.#again ? 0 : wait);
  }
}
