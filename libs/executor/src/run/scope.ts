// Correlation scopes say which messages belong together: one for the whole execution, a child for
// each emitted or streamed item, each item of a for_each and each pass of a loop. A scope counts what
// is alive in it, so that the executor knows when nothing more can come.

/** A surface that keeps messages of a scope aside until others come. */
export interface ScopeHolder {
  /** Position in topological order: holders upstream are asked first. */
  readonly order: number;
  /** Nothing is alive in `scope` any more. Returns true where it put something in motion. */
  scopeQuiet(scope: Scope): boolean;
  /** Forgets what it holds of the scope, which was given up. */
  scopeDropped(scope: Scope): void;
}

/** What a scope stands for beyond correlation: an item of a for_each or a pass of a loop. */
export interface ScopeUnit {
  readonly kind: 'item' | 'pass';
  /** Nothing of the scope is left. */
  closed(scope: Scope): void;
}

/** One scope. `live` counts its messages, its running invocations and its open children. */
export class Scope {
  live = 0;
  /** Given up: what still arrives in it is thrown away. */
  dropped = false;
  /** Names the scope for the journal, the same after every restart; empty for the root, and without a
   * journal. */
  key = '';
  holders: ScopeHolder[] | undefined = undefined;

  /** @param origin index of the node that opened it; -1 for the root. */
  constructor(
    readonly parent: Scope | undefined,
    readonly origin: number,
    readonly unit: ScopeUnit | undefined,
  ) {
    if (parent !== undefined) parent.live += 1;
  }

  /** The scope keeps this holder informed; once is enough. */
  addHolder(holder: ScopeHolder): void {
    if (this.holders === undefined) this.holders = [holder];
    else if (!this.holders.includes(holder)) {
      this.holders.push(holder);
      this.holders.sort((a, b) => a.order - b.order);
    }
  }

  removeHolder(holder: ScopeHolder): void {
    const at = this.holders?.indexOf(holder) ?? -1;
    if (at < 0) return;
    if (this.holders!.length === 1) this.holders = undefined;
    else this.holders!.splice(at, 1);
  }
}

/** True where the scope, or one that it lies in, was given up. */
export function isDropped(scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.dropped) return true;
  }
  return false;
}

/** Takes one from the scope's count. Where nothing is left its holders are asked; where they put
 * nothing in motion it is closed, which counts down its parent. The root is never closed here: the
 * end of an execution is the scheduler's business. */
export function releaseScope(scope: Scope): void {
  for (let at = scope; ;) {
    at.live -= 1;
    if (at.live > 0 || at.parent === undefined) return;
    if (at.holders !== undefined && askHolders(at)) return;
    at.unit?.closed(at);
    at = at.parent;
  }
}

// A holder may remove itself, or put messages in motion, while it is asked.
function askHolders(scope: Scope): boolean {
  for (const holder of [...scope.holders!]) {
    if (holder.scopeQuiet(scope) || scope.live > 0) return true;
  }
  return false;
}
