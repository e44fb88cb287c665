// The messages of exactly_once edges: who holds which key of the journal's delivery ledger.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { Invocation } from '../run/invocation.js';
import type { InvocationKey, Reservation, RunJournal } from './run-journal.js';

export interface LedgerOwner {
  readonly journal: RunJournal;
  /** Stops the execution without an outcome. */
  refuse(cause: Diagnostic): void;
  /** The journal has failed. */
  lose(error: unknown): void;
}

export class DeliveryLedger {
  readonly #owner: LedgerOwner;
  /** Key -> the invocation of this execution that holds it. */
  readonly #holders: Map<string, InvocationKey>;

  constructor(owner: LedgerOwner, holders: ReadonlyMap<string, InvocationKey>) {
    this.#owner = owner;
    this.#holders = new Map(holders);
  }

  /** Asks whether the message may be executed. stopped: another execution may still do so, and this one
   * stops. @throws DiagnosticError IDEM099 where another input had the key. */
  async reserve(
    { step, alias }: Invocation,
    key: string,
    ttlMs: number,
  ): Promise<'first' | 'duplicate' | 'stopped'> {
    const holder = this.#holders.get(key);
    if (holder !== undefined && holder !== step!.key) return 'duplicate';
    this.#holders.set(key, step!.key);
    const found = await this.#ask(key, step!.input, ttlMs);
    switch (found?.state) {
      case undefined:
        return 'stopped';
      case 'first':
      case 'own':
        step!.completes = key;
        return 'first';
      case 'held':
        this.#holders.delete(key);
        this.#owner.refuse(diagnostic.DUR103({ node: alias, key, owner: found.owner }));
        return 'stopped';
      case 'done':
        this.#holders.delete(key);
        if (found.input === step!.input) return 'duplicate';
        throw new DiagnosticError([diagnostic.IDEM099({ node: alias, key })]);
    }
  }

  /** The invocation has put out what it had to: its key is done with its result. */
  completed(key: string): void {
    this.#holders.delete(key);
  }

  /** The invocation has failed for good: a redelivery of its message is no duplicate. */
  release({ step }: Invocation): void {
    if (step?.completes === undefined) return;
    this.#holders.delete(step.completes);
    this.#owner.journal.release(step.completes);
    step.completes = undefined;
  }

  /** The execution has an outcome: it holds nothing any more. */
  releaseAll(): void {
    for (const key of this.#holders.keys()) this.#owner.journal.release(key);
    this.#holders.clear();
  }

  async #ask(key: string, input: string, ttlMs: number): Promise<Reservation | undefined> {
    try {
      return await this.#owner.journal.reserve(key, input, ttlMs);
    } catch (error) {
      this.#owner.lose(error);
      return undefined;
    }
  }
}
