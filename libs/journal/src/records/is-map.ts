// Whether something that was read is a map.
import { isPlainObject } from '@basalt/ir';

/** True for maps of the value model. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && isPlainObject(value);
}
