// What the viewer keeps of a value: the value itself where it is small, else its beginning. Looking at
// a value costs no more than the bound, however large the value is.
import type { SecretRedactor } from '@basalt/capabilities';
import { valueToJson, type Json, type Value } from '@basalt/ir';

/** The beginning of a value; what is missing is said in words inside it. */
export class CutValue {
  constructor(readonly value: Value) {}
}

/** A value as it is (values are immutable), or the beginning of one. Most are whole and small, and no
 * object is spent on those. */
export type ValueSample = Value | CutValue;

export const REDACTED = '[redacted]';

const SECRET_NAME =
  /pass(wd|word|phrase|code)?$|secret|token$|api[-_]?key|private[-_]?key|access[-_]?key|authorization|cookie|credential|signature$/i;

/** Cost of a value that holds no text, in bytes of memory. */
const SLOT = 8;
const MAX_DEPTH = 24;

/** Keeps at most about `limit` bytes of `value`. */
export function sampleValue(value: Value, limit: number, redactor?: SecretRedactor): ValueSample {
  if (estimateBytes(value, limit) !== undefined) return value;
  return new CutValue(beginning(value, new Budget(limit), 0, redactor));
}

/** About the bytes of memory that a sample takes, which was made with this limit. */
export function sampleBytes(sample: ValueSample, limit: number): number {
  return sample instanceof CutValue ? limit : (estimateBytes(sample, limit) ?? limit);
}

/** About the bytes of memory that `value` takes; undefined where it is more than `limit`. */
export function estimateBytes(value: Value, limit: number): number | undefined {
  const budget = new Budget(limit);
  return budget.spendOn(value, 0) ? limit - budget.left : undefined;
}

/** The JSON form of a sample without secrets: neither values of fields with such names nor the texts
 * that the redactor knows. */
export function showSample(sample: ValueSample, redactor?: SecretRedactor): Json {
  const value = sample instanceof CutValue ? sample.value : sample;
  return redactJson(valueToJson(value), redactor);
}

/** JSON without the values of fields with names of secrets. */
export function withoutSecrets(json: Json): Json {
  return redactJson(json, undefined);
}

export function redactText(text: string, redactor: SecretRedactor | undefined): string {
  return redactor === undefined ? text : redactor.redact(text);
}

/** True for names of fields, headers and labels whose values nobody should see. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

function redactJson(json: Json, redactor: SecretRedactor | undefined): Json {
  if (typeof json === 'string') return redactText(json, redactor);
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item: Json) => redactJson(item, redactor));
  return Object.fromEntries(
    Object.entries(json).map(([key, member]) => [
      redactText(key, redactor),
      isSecretName(key) ? REDACTED : redactJson(member as Json, redactor),
    ]),
  );
}

class Budget {
  constructor(public left: number) {}

  /** Takes the cost of `value`; false as soon as it is too much. */
  spendOn(value: Value, depth: number): boolean {
    if (depth > MAX_DEPTH) return false;
    if (typeof value === 'string') return this.#spend(SLOT + value.length);
    if (typeof value !== 'object' || value === null) return this.#spend(SLOT);
    if (value instanceof Uint8Array) return this.#spend(SLOT + value.length);
    if (!this.#spend(2 * SLOT)) return false;
    if (Array.isArray(value)) {
      for (const item of value as readonly Value[]) {
        if (!this.spendOn(item, depth + 1)) return false;
      }
      return true;
    }
    const map = value as { readonly [key: string]: Value };
    for (const key in map) {
      if (!this.#spend(key.length) || !this.spendOn(map[key]!, depth + 1)) return false;
    }
    return true;
  }

  #spend(bytes: number): boolean {
    this.left -= bytes;
    return this.left >= 0;
  }
}

/** The part of `value` that the budget pays for. */
function beginning(
  value: Value,
  budget: Budget,
  depth: number,
  redactor: SecretRedactor | undefined,
): Value {
  if (typeof value === 'string') return beginningOfText(value, budget, redactor);
  budget.left -= SLOT;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) {
    if (value.length <= budget.left) {
      budget.left -= value.length;
      return value;
    }
    return `[${value.length} bytes]`;
  }
  if (depth >= MAX_DEPTH) return '[nested more deeply]';
  if (Array.isArray(value)) return beginningOfList(value, budget, depth, redactor);
  return beginningOfMap(value as Readonly<Record<string, Value>>, budget, depth, redactor);
}

function beginningOfText(
  text: string,
  budget: Budget,
  redactor: SecretRedactor | undefined,
): string {
  const room = Math.max(0, budget.left - SLOT);
  budget.left -= SLOT + Math.min(room, text.length);
  if (text.length <= room) return text;
  // A secret may begin before the cut and end after it: what could be a part of one is left out.
  const longest = redactor?.longest ?? 0;
  const clean = redactText(text.slice(0, room + longest), redactor);
  const kept = clean.slice(0, Math.max(0, Math.min(room, clean.length - longest)));
  return `${wellFormed(kept)}... (${text.length} characters)`;
}

function beginningOfList(
  list: readonly Value[],
  budget: Budget,
  depth: number,
  redactor: SecretRedactor | undefined,
): Value {
  const kept: Value[] = [];
  for (const item of list) {
    if (budget.left <= 0) break;
    kept.push(beginning(item, budget, depth + 1, redactor));
  }
  if (kept.length < list.length) kept.push(`... (${list.length - kept.length} more items)`);
  return kept;
}

function beginningOfMap(
  map: Readonly<Record<string, Value>>,
  budget: Budget,
  depth: number,
  redactor: SecretRedactor | undefined,
): Value {
  const kept: [string, Value][] = [];
  for (const key in map) {
    if (budget.left <= 0) break;
    budget.left -= key.length;
    const name = key.length <= 200 ? key : `${wellFormed(key.slice(0, 200))}...`;
    kept.push([name, beginning(map[key]!, budget, depth + 1, redactor)]);
  }
  // Counting keys is as much work as having them: only a cut map pays for it.
  const missing = Object.keys(map).length - kept.length;
  if (missing > 0) kept.push(['...', `${missing} more fields`]);
  return Object.fromEntries(kept);
}

/** Drops the half of a pair that a cut left over. */
function wellFormed(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
