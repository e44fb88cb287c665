// Cancellation of a part of an execution. A scope that is cancelled cancels every scope inside it.
import { diagnostic } from '@basalt/diagnostics';
import { ComposeError } from './compose-error.js';

export class CancelScope {
  /** Why the work in the scope is to stop; undefined while it may go on. */
  reason: ComposeError | undefined;
  private readonly inner = new Set<CancelScope>();
  private controller: AbortController | undefined;

  private unlisten: (() => void) | undefined;

  private constructor(private readonly outer: CancelScope | undefined) {}

  /** A scope of its own, cancelled with the signal until it is closed. */
  static root(signal?: AbortSignal): CancelScope {
    const scope = new CancelScope(undefined);
    const cancel = () => scope.cancel(cancelled());
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
    scope.unlisten = () => signal?.removeEventListener('abort', cancel);
    return scope;
  }

  /** A scope inside this one; `close` it when its work has ended. */
  open(): CancelScope {
    const scope = new CancelScope(this);
    scope.reason = this.reason;
    this.inner.add(scope);
    return scope;
  }

  close(): void {
    this.outer?.inner.delete(this);
    this.unlisten?.();
  }

  cancel(reason: ComposeError): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.controller?.abort(reason);
    for (const scope of this.inner) scope.cancel(reason);
  }

  /** For work that can be stopped from outside. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.reason !== undefined) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  ensureActive(): void {
    if (this.reason !== undefined) throw this.reason;
  }

  /** Settles as the work does, or fails as soon as the scope is cancelled. */
  async race<T>(work: Promise<T>): Promise<T> {
    this.ensureActive();
    const { signal } = this;
    let stop: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(this.reason!);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      signal.removeEventListener('abort', stop!);
    }
  }
}

function cancelled(): ComposeError {
  return ComposeError.of(diagnostic.COMP110({}));
}
