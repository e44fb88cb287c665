// Stands for the outside world of a test: what was done there, by idempotency key.
import type { NodeContext } from '../src/node-handler.js';

export class EffectServer {
  /** "alias key" -> calls, also of attempts that failed. */
  readonly calls = new Map<string, number>();
  /** What was done. */
  readonly effects = new Set<string>();
  readonly undone = new Map<string, number>();

  call(context: NodeContext): void {
    const name = nameOf(context);
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }

  done(context: NodeContext): void {
    this.effects.add(nameOf(context));
  }

  undo(context: NodeContext): void {
    const name = nameOf(context);
    this.undone.set(name, (this.undone.get(name) ?? 0) + 1);
  }
}

function nameOf({ alias, idempotencyKey }: NodeContext): string {
  return `${alias} ${idempotencyKey}`;
}
