// A worker's way to the certifying process: calls that are answered, and words that are not.
import type { CommitPoint, FromWorker, ToWorker } from './worker-messages.js';
import type { WorldCall } from '../world/effect-call.js';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class ParentLink {
  readonly #pending = new Map<number, Pending>();
  #next = 0;

  say(message: FromWorker): void {
    process.send!(message);
  }

  /** Carries a call out in the world. */
  call(call: WorldCall): Promise<unknown> {
    return this.#ask((id) => ({ kind: 'call', id, call }));
  }

  /** Resolves when the run may go on. */
  async commit(point: CommitPoint): Promise<void> {
    await this.#ask((id) => ({ kind: 'commit', id, point }));
  }

  answered({ id, value, error }: Extract<ToWorker, { kind: 'answer' }>): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(new Error(error));
  }

  #ask(message: (id: number) => FromWorker): Promise<unknown> {
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.say(message(id));
    });
  }
}
