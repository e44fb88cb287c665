// Tells maps of the value model from everything else that may come in from outside.
import { isPlainObject } from '@basalt/ir';

/** Whether something is a map: an object literal, and not a list, bytes or a class instance. */
export function isMap(given: unknown): given is { readonly [name: string]: unknown } {
  return (
    typeof given === 'object' && given !== null && !Array.isArray(given) && isPlainObject(given)
  );
}
