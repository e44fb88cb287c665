// Bytes as base64 text (RFC 4648, section 4, with padding) at the places where a schema says so.
import { formatPointer, type Value } from '@basalt/ir';
import type { BytesPlace } from './bytes-place.js';

type Path = readonly (string | number)[];
type Leaf = (value: Value, path: Path) => Value;

/** Text at a place of bytes that is no base64. */
export class NoBase64Error extends Error {
  /** @param pointer where it stands */
  constructor(readonly pointer: string) {
    super(`${pointer || 'it'} must be base64 text`);
  }
}

/** The value with bytes in place of base64 text. @throws NoBase64Error */
export function readBytes(place: BytesPlace, value: Value): Value {
  return mapBytes(place, value, [], (leaf, path) => {
    if (typeof leaf !== 'string') return leaf;
    const bytes = Buffer.from(leaf, 'base64');
    // The decoder passes over what is no base64; only what it would have written itself is taken.
    if (bytes.toString('base64') !== leaf) throw new NoBase64Error(formatPointer(path));
    return new Uint8Array(bytes);
  });
}

/** The value with base64 text in place of bytes. */
export function showBytes(place: BytesPlace, value: Value): Value {
  return mapBytes(place, value, [], (leaf) =>
    leaf instanceof Uint8Array
      ? Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).toString('base64')
      : leaf,
  );
}

/** The value with other leaves at the places of bytes; what does not change is not copied. */
function mapBytes(place: BytesPlace, value: Value, path: Path, leaf: Leaf): Value {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return place.isBytes ? leaf(value, path) : value;
  }
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    const mapped = items.map((item, i) => below(place.item(i), item, [...path, i], leaf));
    return mapped.some((item, i) => item !== items[i]) ? mapped : value;
  }
  const map = value as { readonly [key: string]: Value };
  let copy: { [key: string]: Value } | undefined;
  for (const key of Object.keys(map)) {
    // In a copy it would be no member.
    if (key === '__proto__') continue;
    const mapped = below(place.member(key), map[key]!, [...path, key], leaf);
    if (mapped === map[key]) continue;
    copy ??= { ...map };
    copy[key] = mapped;
  }
  return copy ?? value;
}

function below(place: BytesPlace | undefined, value: Value, path: Path, leaf: Leaf): Value {
  return place === undefined ? value : mapBytes(place, value, path, leaf);
}
