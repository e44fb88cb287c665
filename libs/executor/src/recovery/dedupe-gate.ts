// Lets each message of an exactly_once edge through once: the first to come with its key reserves it,
// every later one is a duplicate, and a message that failed for good gives its key back, so that a
// redelivery is executed and not taken for a duplicate.
import type { DedupeStore } from '@basalt/capabilities';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';

export type Admission = 'first' | 'duplicate';

export class DedupeGate {
  readonly #store: DedupeStore;

  /** @param store remembers the keys; its putIfAbsent must be atomic for the gate to hold between
   * processes. */
  constructor(store: DedupeStore) {
    this.#store = store;
  }

  /** Asks whether the message with this key is to be executed; remembers the key for `ttlMs`.
   * @throws DiagnosticError RUN330 when the store fails: then nothing is known about the message, and
   * it must not be executed. @throws RangeError when ttlMs is not a positive number. */
  async enter(key: string, ttlMs: number): Promise<Admission> {
    if (!(ttlMs > 0 && ttlMs < Infinity)) {
      throw new RangeError(`DedupeGate: ttlMs must be a positive number, got ${ttlMs}`);
    }
    const isFirst = await this.#ask('remember', key, () => this.#store.putIfAbsent(key, ttlMs));
    return isFirst ? 'first' : 'duplicate';
  }

  /** Gives back the key of a message that was let through and has failed for good.
   * @throws DiagnosticError RUN330 when the store fails: redeliveries count as duplicates until the
   * key's time is over. */
  async fail(key: string): Promise<void> {
    await this.#ask('forget', key, () => this.#store.forget(key));
  }

  async #ask<T>(verb: string, key: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DiagnosticError([diagnostic.RUN330({ verb, key, reason })], { cause: error });
    }
  }
}
