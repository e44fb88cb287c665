// The clock and the chance of the platform, in place of which code can be given others: so that code
// which reads them behind the back of its context gives itself away, in the same way each time. Install
// it before the code is loaded, and a reference that a module keeps leads here as well.
import { seededRng, type SeededRng } from '@basalt/capabilities';

/** What the platform says during an execution. */
export interface PlatformTime {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Of random numbers. */
  readonly seed: string;
}

/** The clock stands still; code that waits for it to move on is let go after so many looks. */
const LOOKS_A_MS = 1_000;

export class PerturbedPlatform {
  #time: PlatformTime | undefined;
  #rng: SeededRng | undefined;
  #looks = 0;
  readonly #restore: (() => void)[] = [];

  /** Puts itself in the place of Date, Math.random and performance.now; outside of `during` these do
   * what they always do. */
  install(): void {
    if (this.#restore.length > 0) return;
    const RealDate = Date;
    this.#replace(Math, 'random', (real) => () => this.#rng?.next() ?? real.call(Math));
    this.#replace(performance, 'now', (real) => () => this.#look() ?? real.call(performance));
    this.#replace(Date, 'now', (real) => () => this.#look() ?? real.call(RealDate));
    const FakeDate: DateConstructor = new Proxy(RealDate, {
      apply: () => new RealDate(RealDate.now()).toString(),
      construct: (target, args, newTarget) =>
        Reflect.construct(
          target,
          args.length === 0 ? [RealDate.now()] : args,
          newTarget === FakeDate ? target : newTarget,
        ) as object,
    });
    this.#put(globalThis, 'Date', FakeDate);
  }

  /** Everything as before. */
  remove(): void {
    for (const restore of this.#restore.splice(0).reverse()) restore();
  }

  /** Runs `body` with another clock and other chance. One at a time. */
  async during<T>(time: PlatformTime, body: () => Promise<T>): Promise<T> {
    this.#time = time;
    this.#rng = seededRng(time.seed);
    this.#looks = 0;
    try {
      return await body();
    } finally {
      this.#time = undefined;
      this.#rng = undefined;
    }
  }

  #look(): number | undefined {
    if (this.#time === undefined) return undefined;
    this.#looks += 1;
    return this.#time.nowMs + Math.floor(this.#looks / LOOKS_A_MS);
  }

  #replace(owner: object, name: string, make: (real: () => number) => () => number): void {
    this.#put(owner, name, make(Reflect.get(owner, name) as () => number));
  }

  #put(owner: object, name: string, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    this.#restore.push(() => {
      if (before === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, before);
    });
  }
}
