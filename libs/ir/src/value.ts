// The value model that every runtime shares: null, bool, integers of any size, float64, UTF-8 text,
// bytes, list, and map with text keys. Values are immutable by convention: nobody may change one
// after it was handed over.
//
// JavaScript has one number type. A number without fractional part and of magnitude below 2^53 is an
// integer, so 1.0 and 1 are the same value; -0, NaN, the infinities and all other numbers are
// float64. A bigint is an integer; where it fits below 2^53 it is the same value as the number.
import { formatPointer } from './pointer.js';
import { isPlainObject } from './plain-object.js';
import { isWellFormed } from './well-formed.js';

/** A value that may travel on an edge. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

/** How deep lists and maps may be nested in a value. */
export const MAX_VALUE_DEPTH = 256;

/** Why something is not a value. */
export interface ValueFault {
  /** RFC 6901 pointer to the part at fault. */
  readonly path: string;
  readonly reason: string;
}

/** Undefined for a value; otherwise its first part that is none. Refused are undefined, functions,
 * symbols, class instances, getters, cycles, nesting beyond MAX_VALUE_DEPTH, and text with a lone
 * surrogate. Symbol keys and hidden properties are no part of a value, as in JSON. An own key
 * `__proto__` is allowed: it is data like any other. */
export function checkValue(candidate: unknown): ValueFault | undefined {
  return isValue(candidate, 0) ? undefined : explain(candidate, [], []);
}

/** The fast path: no bookkeeping. Cycles end at the depth bound. */
function isValue(candidate: unknown, depth: number): boolean {
  switch (typeof candidate) {
    case 'string':
      return isWellFormed(candidate);
    case 'number':
    case 'boolean':
    case 'bigint':
      return true;
    case 'object':
      break;
    default:
      return false;
  }
  if (candidate === null) return true;
  if (Array.isArray(candidate)) {
    if (depth >= MAX_VALUE_DEPTH) return false;
    for (let i = 0; i < candidate.length; i++) {
      if (!isValue(candidate[i], depth + 1)) return false;
    }
    return true;
  }
  if (candidate instanceof Uint8Array) return true;
  return depth < MAX_VALUE_DEPTH && isPlainObject(candidate) && isMap(candidate, depth);
}

function isMap(candidate: object, depth: number): boolean {
  for (const key of Object.keys(candidate)) {
    const member = Object.getOwnPropertyDescriptor(candidate, key)!;
    if (member.get !== undefined || member.set !== undefined || !isWellFormed(key)) return false;
    if (!isValue(member.value, depth + 1)) return false;
  }
  return true;
}

/** The slow path, for something that is no value: finds the first fault and where it is. */
function explain(
  candidate: unknown,
  path: (string | number)[],
  parents: unknown[],
): ValueFault | undefined {
  const fault = (reason: string): ValueFault => ({ path: formatPointer(path), reason });
  if (typeof candidate === 'string') {
    return isWellFormed(candidate) ? undefined : fault('it is text with half of a surrogate pair');
  }
  if (candidate === undefined) return fault('it is undefined');
  if (typeof candidate === 'function') return fault('it is a function');
  if (typeof candidate === 'symbol') return fault('it is a symbol');
  if (typeof candidate !== 'object' || candidate === null) return undefined;
  if (candidate instanceof Uint8Array) return undefined;
  if (parents.includes(candidate)) return fault('it contains itself');
  if (parents.length >= MAX_VALUE_DEPTH) {
    return fault(`it is nested more than ${MAX_VALUE_DEPTH} levels deep`);
  }
  if (!Array.isArray(candidate) && !isPlainObject(candidate)) {
    return fault(`it is an instance of ${className(candidate)}`);
  }
  parents.push(candidate);
  for (const key of memberKeys(candidate)) {
    path.push(Array.isArray(candidate) ? Number(key) : key);
    if (!isWellFormed(key)) return fault('its key has half of a surrogate pair');
    const member = Object.getOwnPropertyDescriptor(candidate, key);
    if (member?.get !== undefined || member?.set !== undefined) {
      return fault('it is computed by a getter');
    }
    const found = explain(member?.value, path, parents);
    if (found !== undefined) return found;
    path.pop();
  }
  parents.pop();
  return undefined;
}

/** The keys to look at: of a list every index, holes included. */
function memberKeys(candidate: object): readonly string[] {
  if (!Array.isArray(candidate)) return Object.keys(candidate);
  return Array.from({ length: candidate.length }, (_, i) => String(i));
}

function className(instance: object): string {
  const maker: unknown = (Object.getPrototypeOf(instance) as { constructor?: unknown }).constructor;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'a class';
}

/** Whether two values are the same value, which is when their canonical encodings are the same:
 * NaN equals NaN, 0 and -0 differ, 5n equals 5, and the order of keys does not count. */
export function valuesEqual(a: Value, b: Value): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return Object.is(narrow(a), narrow(b));
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item: Value, i) => valuesEqual(item, b[i] as Value));
  }
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    if (!(a instanceof Uint8Array && b instanceof Uint8Array) || a.length !== b.length)
      return false;
    return a.every((byte, i) => byte === b[i]);
  }
  const [left, right] = [a, b] as { readonly [key: string]: Value }[];
  const keys = Object.keys(left!);
  if (keys.length !== Object.keys(right!).length) return false;
  return keys.every((key) => Object.hasOwn(right!, key) && valuesEqual(left![key]!, right![key]!));
}

function narrow(value: Value): Value {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
