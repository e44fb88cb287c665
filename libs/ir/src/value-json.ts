// Values as JSON for people and files, without loss. JSON has no bytes, no big integers, no -0, NaN
// or infinities, so these are written as objects with one key that starts with "$":
//   bytes              {"$bytes": "<base64>"}
//   integers >= 2^53   {"$int": "<decimal digits>"}
//   other floats       {"$float": "NaN" | "Infinity" | "-Infinity" | "-0"}
// A key of a map that itself starts with "$" is written with one more "$" in front.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { formatPointer } from './pointer.js';
import { isPlainObject } from './plain-object.js';
import { MAX_VALUE_DEPTH, type Value } from './value.js';

/** What JSON.stringify takes and JSON.parse gives. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The JSON form of a value. */
export function valueToJson(value: Value): Json {
  switch (typeof value) {
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : { $int: String(value) };
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $float: Object.is(value, -0) ? '-0' : String(value) };
    case 'object':
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map((item: Value) => valueToJson(item));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.startsWith('$') ? `$${key}` : key,
      valueToJson(member as Value),
    ]),
  );
}

/** The value that the JSON stands for. Throws DOC040 where an object with a "$" key is not one of the
 * forms above. JSON that people wrote needs no such reading: parsed JSON is a value already. */
export function valueFromJson(json: unknown): Value {
  return read(json, []);
}

function read(json: unknown, path: (string | number)[]): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return json;
  if (typeof json !== 'object') throw malformed(path, `it is ${typeof json}`);
  if (path.length > MAX_VALUE_DEPTH) throw malformed(path, 'it is nested too deeply');
  if (Array.isArray(json)) return json.map((item, i) => inside(item, i, path));
  if (!isPlainObject(json)) throw malformed(path, 'it is no plain object');
  const entries = Object.entries(json as Record<string, unknown>);
  const [key, content] = entries[0] ?? [''];
  if (entries.length === 1 && key.startsWith('$') && !key.startsWith('$$')) {
    return special(key, content, path);
  }
  return Object.fromEntries(
    entries.map(([name, member]) => [plain(name, path), inside(member, name, path)]),
  );
}

function inside(json: unknown, step: string | number, path: (string | number)[]): Value {
  path.push(step);
  const value = read(json, path);
  path.pop();
  return value;
}

function plain(key: string, path: readonly (string | number)[]): string {
  if (!key.startsWith('$')) return key;
  if (!key.startsWith('$$'))
    throw malformed(path, `the key ${JSON.stringify(key)} needs a second "$"`);
  return key.slice(1);
}

function special(key: string, content: unknown, path: readonly (string | number)[]): Value {
  if (typeof content !== 'string') throw malformed(path, `${key} takes text`);
  switch (key) {
    case '$bytes': {
      const bytes = Buffer.from(content, 'base64');
      if (bytes.toString('base64') !== content) throw malformed(path, 'it is not base64');
      return new Uint8Array(bytes);
    }
    case '$int':
      if (!/^(0|-?[1-9]\d*)$/.test(content)) throw malformed(path, 'it is not an integer');
      return Number.isSafeInteger(Number(content)) ? Number(content) : BigInt(content);
    case '$float':
      if (content === '-0') return -0;
      if (content === 'NaN' || content === 'Infinity' || content === '-Infinity')
        return Number(content);
      throw malformed(path, 'it is none of NaN, Infinity, -Infinity and -0');
    default:
      throw malformed(path, `${key} is none of $bytes, $int and $float`);
  }
}

function malformed(path: readonly (string | number)[], problem: string): DiagnosticError {
  const pointer = JSON.stringify(formatPointer(path));
  return new DiagnosticError([diagnostic.DOC040({ path: pointer, problem })]);
}
