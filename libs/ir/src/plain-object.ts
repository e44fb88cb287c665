// What counts as a plain object: a map of the value model, and nothing with behaviour of its own.

/** True for objects made by literals, JSON.parse or Object.create(null), of this or another realm;
 * false for instances of classes, Map, Date, lists and bytes. Proxies cannot be told apart. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return (
    Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf')
  );
}
