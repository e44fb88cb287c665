// Reads JSON from text, bytes or an object built by code, with every limit and check that a document
// from outside needs: size, UTF-8, nesting, syntax, keys that occur twice, reserved keys, cycles.
import { diagnostic } from '@basalt/diagnostics';
import { checkJsonValue } from './json-value.js';
import { duplicateKeys, firstSyntaxError, locateValues, measureJson } from './json-text.js';
import type { Findings, Locate } from './findings.js';

/** Bounds of a document. */
export interface JsonLimits {
  /** Largest text, in bytes of UTF-8; 64 MiB when absent. */
  readonly maxBytes?: number;
  /** Deepest nesting of lists and objects; 200 when absent. */
  readonly maxDepth?: number;
}

export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
export const DEFAULT_MAX_DEPTH = 200;

interface Read {
  readonly value: unknown;
  /** Absent for objects built by code. */
  readonly locate?: Locate;
}

/** Text and bytes are parsed, anything else is checked as it is. Never throws. The value may be used
 * only if no finding was added. */
export function readJson(input: unknown, findings: Findings, limits: JsonLimits): Read {
  const maxDepth = limits.maxDepth ?? DEFAULT_MAX_DEPTH;
  const maxBytes = limits.maxBytes ?? DEFAULT_MAX_BYTES;
  const text = typeof input === 'string' ? input : decode(input, findings, maxBytes);
  if (text === undefined) {
    if (findings.empty) checkGuarded(input, findings, { maxDepth, parsed: false });
    return { value: input };
  }
  const bytes = typeof input === 'string' ? sizeOf(input, maxBytes) : 0;
  if (bytes > maxBytes) {
    findings.inText(undefined, (at) => diagnostic.DOC001({ bytes, limit: maxBytes }, at));
    return { value: undefined };
  }
  return readText(text.startsWith('\ufeff') ? text.slice(1) : text, findings, maxDepth);
}

function readText(text: string, findings: Findings, maxDepth: number): Read {
  const { members, depth } = measureJson(text);
  if (depth > maxDepth) {
    findings.inText(undefined, (at) => diagnostic.DOC003({ limit: maxDepth }, at));
    return { value: undefined };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { problem, place } = firstSyntaxError(text);
    findings.inText(place, (at) => diagnostic.DOC004({ problem }, at));
    return { value: undefined };
  }
  const kept = checkJsonValue(value, findings, { maxDepth, parsed: true });
  // JSON.parse keeps the last of two members with one key, so a lost member is a duplicate.
  if (kept !== members) {
    for (const { key, pointer, place } of duplicateKeys(text)) {
      findings.inText(place, (at) => diagnostic.DOC005({ key: JSON.stringify(key) }, at), pointer);
    }
  }
  return { value, locate: (pointers) => locateValues(text, pointers) };
}

/** The text of bytes; undefined when the input is not bytes or a finding was added. */
function decode(input: unknown, findings: Findings, limit: number): string | undefined {
  if (!(input instanceof Uint8Array)) return undefined;
  if (input.length > limit) {
    const bytes = input.length;
    findings.inText(undefined, (at) => diagnostic.DOC001({ bytes, limit }, at));
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    const offset = firstInvalidByte(input);
    findings.inText(undefined, (at) => diagnostic.DOC002({ offset }, at));
    return undefined;
  }
}

/** The offset of the first byte sequence that is not UTF-8 (RFC 3629). */
function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

/** The length of the UTF-8 sequence at `at`, 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return 0;
  }
  // Overlong forms, surrogates, and code points beyond U+10FFFF.
  const second = bytes[at + 1] ?? 0;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return length;
}

function sizeOf(text: string, limit: number): number {
  // UTF-8 has between one and three bytes for each UTF-16 unit.
  if (text.length > limit || text.length * 3 <= limit) return text.length;
  return new TextEncoder().encode(text).length;
}

/** A proxy may throw from any of its traps; then it is no JSON value. */
function checkGuarded(
  input: unknown,
  findings: Findings,
  options: { readonly maxDepth: number; readonly parsed: boolean },
): void {
  try {
    checkJsonValue(input, findings, options);
  } catch {
    const found = 'an object that cannot be read';
    findings.inText(undefined, (at) => diagnostic.DOC008({ pointer: '""', found }, at), '');
  }
}
