// Results that may be there at once. Steps that wait for nothing run without a turn of the event loop, which
// is most of what a loop of a compose costs.

export type MaybePromise<T> = T | Promise<T>;

/** True for a promise, of this or another realm. */
export function isPending<T>(result: MaybePromise<T>): result is Promise<T> {
  return (
    typeof result === 'object' &&
    result !== null &&
    typeof (result as { readonly then?: unknown }).then === 'function'
  );
}

/** Goes on with a result, now or when it is there. */
export function andThen<T, U>(
  result: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return isPending(result) ? result.then(next) : next(result);
}
