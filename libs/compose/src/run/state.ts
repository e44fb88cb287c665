// The state of a list of steps: a map that the list owns while it runs. Values in it are immutable.
import type { Value } from '@basalt/ir';

export type State = Record<string, Value>;

/** Sets an entry as data, whatever its name. */
export function setEntry(state: State, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(state, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    state[key] = value;
  }
}
