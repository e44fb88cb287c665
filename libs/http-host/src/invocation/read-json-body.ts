// A JSON body becomes a value: valid UTF-8, bounded nesting, no key twice, and no key that could be
// taken for something else than data. JSON.parse does the work; two linear scans check what it hides.
import { isUtf8 } from 'node:buffer';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import {
  checkValue,
  duplicateKeys,
  firstSyntaxError,
  formatPointer,
  MAX_VALUE_DEPTH,
  measureJson,
  type Value,
} from '@basalt/ir';
import { reservedKeyIn } from './reserved-keys.js';

/** UTF-8 has no halves of surrogate pairs; only an escape can write one. */
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

/** The value of a JSON text (RFC 8259).
 * @throws DiagnosticError HTTP110 with `details` {pointer} and {line, column} or {offset}. */
export function readJsonBody(body: Buffer): Value {
  if (!isUtf8(body)) throw malformed('it is not valid UTF-8', { offset: firstInvalidByte(body) });
  const text = body.toString('utf8', hasMark(body) ? 3 : 0);
  const { members, depth } = measureJson(text);
  if (depth > MAX_VALUE_DEPTH) {
    throw malformed(`it is nested more than ${MAX_VALUE_DEPTH} levels deep`, {});
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { problem, place } = firstSyntaxError(text);
    throw malformed(problem, { line: place.line, column: place.column });
  }
  if (ESCAPED_SURROGATE.test(text)) refuseHalfPairs(value);
  const found = checkMembers(value);
  // JSON.parse keeps the last of two members with one key, so a lost member is a duplicate.
  if (found !== members) refuseDuplicates(text);
  return value as Value;
}

/** Counts the members of all objects. @throws DiagnosticError for a reserved key. */
function checkMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = membersOf(value);
  if (members >= 0) return members;
  const path = reservedKeyIn(value as Value)!;
  const key = JSON.stringify(path.at(-1));
  throw malformed(`the key ${key} is reserved`, { pointer: formatPointer(path) });
}

/** The number of members, or a negative one where a key is reserved. */
function membersOf(container: object): number {
  let members = 0;
  if (Array.isArray(container)) {
    for (const item of container) {
      if (typeof item !== 'object' || item === null) continue;
      const inside = membersOf(item as object);
      if (inside < 0) return -1;
      members += inside;
    }
    return members;
  }
  for (const key of Object.keys(container)) {
    if (key === '__proto__' || key === '$http') return -1;
    members += 1;
    const member = (container as Record<string, unknown>)[key];
    if (typeof member !== 'object' || member === null) continue;
    if (key === 'constructor' && Object.hasOwn(member, 'prototype')) return -1;
    const inside = membersOf(member);
    if (inside < 0) return -1;
    members += inside;
  }
  return members;
}

/** Text with half of a pair is no value: it could not be sent on. */
function refuseHalfPairs(value: unknown): void {
  const fault = checkValue(value);
  if (fault !== undefined) throw malformed(fault.reason, { pointer: fault.path });
}

function refuseDuplicates(text: string): void {
  const [first] = duplicateKeys(text);
  if (first === undefined) return;
  const { key, pointer, place } = first;
  const details = { pointer, line: place.line, column: place.column };
  throw malformed(`the key ${JSON.stringify(key)} occurs twice in its object`, details);
}

function hasMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}

/** The offset of the first byte that begins no UTF-8 sequence (RFC 3629); found by halving. */
function firstInvalidByte(body: Buffer): number {
  let valid = 0;
  let bad = body.length;
  while (bad - valid > 1) {
    const middle = (valid + bad) >> 1;
    if (isValidUpTo(body, middle)) valid = middle;
    else bad = middle;
  }
  let start = bad - 1;
  while (!isUtf8(body.subarray(0, start))) start -= 1;
  return start;
}

/** Whether the first `length` bytes are UTF-8, apart from a sequence that the end cuts off. */
function isValidUpTo(body: Buffer, length: number): boolean {
  for (let cut = 0; cut < 4 && cut <= length; cut += 1) {
    if (!isUtf8(body.subarray(0, length - cut))) continue;
    return cut === 0 || isOpenSequence(body.subarray(length - cut, length));
  }
  return false;
}

/** Whether the bytes can be the beginning of one longer sequence. */
function isOpenSequence(bytes: Buffer): boolean {
  const lead = bytes[0]!;
  const size = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (lead >= 0xf5 || bytes.length >= size) return false;
  const second = bytes[1] ?? 0x80;
  const third = bytes[2] ?? 0x80;
  return (second & 0xc0) === 0x80 && (third & 0xc0) === 0x80;
}

function malformed(problem: string, details: Readonly<Record<string, unknown>>): DiagnosticError {
  return new DiagnosticError([
    diagnostic.HTTP110({ format: 'JSON', problem }, undefined, { details }),
  ]);
}
