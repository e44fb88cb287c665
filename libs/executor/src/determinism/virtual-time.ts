// Moves the virtual clock of a deterministic execution: only when nothing else can happen, neither now
// nor in the microtasks that are queued, and then to the earliest moment that somebody waits for.
import { VirtualClock, type Clock } from '@basalt/capabilities';

// Taken once: a deterministic run traps the global inside handlers, never here.
const nextTurn = setImmediate;

export class VirtualTime {
  /** The clock for handlers and timers. */
  readonly clock: Clock;
  readonly #virtual: VirtualClock;
  /** Turns and calls that will still bring something. */
  #expected = 0;
  #planned = false;
  #stopped = false;

  constructor(startMs: number) {
    const virtual = new VirtualClock(startMs);
    this.#virtual = virtual;
    this.clock = {
      now: () => virtual.now(),
      sleep: (ms, signal) => {
        const slept = virtual.sleep(ms, signal);
        this.whenIdle();
        return slept;
      },
    };
  }

  turnPlanned(): void {
    this.#expected += 1;
  }

  turnCame(): void {
    this.#expected -= 1;
  }

  /** Nothing can run at the moment: moves on once that holds in a later turn as well. */
  whenIdle(): void {
    if (this.#planned || this.#stopped) return;
    this.#planned = true;
    nextTurn(() => {
      this.#planned = false;
      if (this.#stopped) return;
      if (this.#expected > 0) this.whenIdle();
      else if (this.#virtual.advanceToNext()) this.whenIdle();
    });
  }

  /** The execution has ended: time stands still for whatever it left behind. */
  stop(): void {
    this.#stopped = true;
  }
}
