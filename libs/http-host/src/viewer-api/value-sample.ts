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
/** What ends a text, or the name of a field, of which only the beginning was kept. */
const CUT_MARK = /\.\.\.( \(\d+ characters\))?$/;

/** Keeps at most about `limit` bytes of `value`. */
export function sampleValue(value: Value, limit: number): ValueSample {
  if (estimateBytes(value, limit) !== undefined) return value;
  return new CutValue(beginning(value, new Budget(limit), 0));
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

/** The JSON form of a sample without secrets: neither values of fields with such names nor what the
 * redactor knows, which may have been learned after the sample was taken. */
export function showSample(sample: ValueSample, redactor?: SecretRedactor): Json {
  const isCut = sample instanceof CutValue;
  const clean = (text: string) => (isCut ? redactCut(text, redactor) : redactText(text, redactor));
  return redactJson(valueToJson(isCut ? sample.value : sample), clean);
}

/** JSON without the values of fields with names of secrets. */
export function withoutSecrets(json: Json): Json {
  return redactJson(json, (text) => text);
}

export function redactText(text: string, redactor: SecretRedactor | undefined): string {
  return redactor === undefined ? text : redactor.redact(text);
}

/** Of a text that was cut, without what may be the beginning of a secret that ended after the cut. */
export function redactCut(text: string, redactor: SecretRedactor | undefined): string {
  const [mark = ''] = CUT_MARK.exec(text) ?? [];
  if (redactor === undefined || mark === '') return redactText(text, redactor);
  const kept = redactor.redact(text.slice(0, text.length - mark.length));
  return wellFormed(kept.slice(0, Math.max(0, kept.length - redactor.longest))) + mark;
}

/** True for names of fields, headers and labels whose values nobody should see. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

function redactJson(json: Json, clean: (text: string) => string): Json {
  if (typeof json === 'string') return clean(json);
  if (typeof json === 'number') return clean(String(json)) === String(json) ? json : REDACTED;
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item: Json) => redactJson(item, clean));
  const entries = Object.entries(json);
  const [key, bytes] = entries[0] ?? [];
  if (key === '$bytes' && typeof bytes === 'string' && holdsSecret(bytes, clean)) return REDACTED;
  return Object.fromEntries(
    entries.map(([name, member]) => [
      clean(name),
      isSecretName(name) ? REDACTED : redactJson(member as Json, clean),
    ]),
  );
}

/** Whether the bytes behind a base64 text hold one: inside them it has another base64 form. */
function holdsSecret(base64: string, clean: (text: string) => string): boolean {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return clean(text) !== text;
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
function beginning(value: Value, budget: Budget, depth: number): Value {
  if (typeof value === 'string') return beginningOfText(value, budget);
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
  if (Array.isArray(value)) return beginningOfList(value, budget, depth);
  return beginningOfMap(value as Readonly<Record<string, Value>>, budget, depth);
}

function beginningOfText(text: string, budget: Budget): string {
  const room = Math.max(0, budget.left - SLOT);
  budget.left -= SLOT + Math.min(room, text.length);
  if (text.length <= room) return text;
  return `${wellFormed(text.slice(0, room))}... (${text.length} characters)`;
}

function beginningOfList(list: readonly Value[], budget: Budget, depth: number): Value {
  const kept: Value[] = [];
  for (const item of list) {
    if (budget.left <= 0) break;
    kept.push(beginning(item, budget, depth + 1));
  }
  if (kept.length < list.length) kept.push(`... (${list.length - kept.length} more items)`);
  return kept;
}

function beginningOfMap(
  map: Readonly<Record<string, Value>>,
  budget: Budget,
  depth: number,
): Value {
  const kept: [string, Value][] = [];
  for (const key in map) {
    if (budget.left <= 0) break;
    budget.left -= key.length;
    const name = key.length <= 200 ? key : `${wellFormed(key.slice(0, 200))}...`;
    kept.push([name, beginning(map[key]!, budget, depth + 1)]);
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
