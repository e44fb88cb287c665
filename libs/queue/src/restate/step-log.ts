// The durable steps of one invocation on Restate. Restate replays what an invocation has asked of it in
// the order in which it asked, and refuses another order. Handlers of a flow are started in an order that
// depends on how long others take, so that order is not theirs: step n of the log executes whichever
// handler waits first, once, and its result says whose it is. On a replay the results come back in the
// order of the log, and wait for the handler that asks for them. One step is under way at a time.
import { valueFromJson, valueToJson, type Json, type Value } from '@basalt/ir';
import type { DurableStep } from '@basalt/executor';

/** What a log needs of Restate's context. */
export interface StepContext {
  run<T>(name: string, action: () => Promise<T>): PromiseLike<T>;
}

interface Entry {
  readonly name: string;
  /** Absent where the call gave nothing. */
  readonly value?: Json;
}

interface Waiting {
  readonly call: () => Promise<Value | undefined>;
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export class StepLog {
  readonly #context: StepContext;
  /** Results that nobody has asked for yet. */
  readonly #known = new Map<string, Value | undefined>();
  readonly #waiting = new Map<string, Waiting>();
  #number = 0;
  #pumping = false;

  constructor(context: StepContext) {
    this.#context = context;
  }

  /** A step of the executor. Its key names it in every replay. */
  readonly step: DurableStep = ({ key, attempt }, call) => this.once(`${key} ${attempt}`, call);

  /** Calls `call` once, whatever is replayed; `name` is given to one call only. */
  once(name: string, call: () => Promise<Value | undefined>): Promise<Value | undefined> {
    if (this.#known.has(name)) {
      const value = this.#known.get(name);
      this.#known.delete(name);
      return Promise.resolve(value);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.set(name, { call, resolve, reject });
      void this.#pump();
    });
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#waiting.size > 0) {
        const entry = await this.#context.run(`step ${(this.#number += 1)}`, () => this.#execute());
        this.#give(entry);
      }
    } catch (error) {
      // The invocation was cancelled, or cannot go on here: nobody gets an answer from it.
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    } finally {
      this.#pumping = false;
    }
  }

  /** Executes the handler that waits first. Not called where the result is in the log. */
  async #execute(): Promise<Entry> {
    const [name, { call }] = this.#waiting.entries().next().value!;
    const value = await call();
    return value === undefined ? { name } : { name, value: valueToJson(value) };
  }

  #give({ name, value: json }: Entry): void {
    const value = json === undefined ? undefined : valueFromJson(json);
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) {
      this.#known.set(name, value);
      return;
    }
    this.#waiting.delete(name);
    waiting.resolve(value);
  }
}
