// RFC 6901 pointers, compiled once and applied many times. Lookups see own properties only, so no
// pointer can reach the prototype chain, and a pointer that leads nowhere gives undefined.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { Value } from './value.js';

/** Finds a part of a value; undefined where there is none. */
export type Selector = (value: Value) => Value | undefined;

/** True for the empty string and for text that starts with "/" and escapes "~" as ~0 or ~1. */
export function isPointer(text: string): boolean {
  return text === '' || (text.startsWith('/') && !/~(?![01])/.test(text));
}

/** The reference tokens of a pointer, unescaped. Throws DOC020 where the text is not a pointer. */
export function parsePointer(text: string): readonly string[] {
  if (text === '') return [];
  if (!text.startsWith('/')) throw notAPointer(text, 'it does not start with "/"');
  if (/~(?![01])/.test(text)) throw notAPointer(text, '"~" is not followed by 0 or 1');
  return text.slice(1).split('/').map(unescapeToken);
}

/** The pointer that has these reference tokens; numbers are list indices. */
export function formatPointer(segments: readonly (string | number)[]): string {
  let text = '';
  for (const segment of segments) {
    text += `/${typeof segment === 'number' ? segment : escapeToken(segment)}`;
  }
  return text;
}

/** A function that applies the pointer. Throws DOC020 where the text is not a pointer. */
export function compilePointer(pointer: string): Selector {
  return compileSegments(parsePointer(pointer));
}

/** Compiles "pointer or field name": empty or starting with "/" is a pointer, all else one field. */
export function compileSelector(text: string): Selector {
  if (text === '' || text.startsWith('/')) return compilePointer(text);
  return compileSegments([text]);
}

function compileSegments(segments: readonly string[]): Selector {
  const [first, second] = segments;
  if (first === undefined) return (value) => value;
  if (second === undefined) return step(first);
  if (segments.length === 2) {
    const [outer, inner] = [step(first), step(second)];
    return (value) => {
      const found = outer(value);
      return found === undefined ? undefined : inner(found);
    };
  }
  const steps = segments.map(step);
  return (value) => {
    let found: Value | undefined = value;
    for (const next of steps) {
      if (found === undefined) return undefined;
      found = next(found);
    }
    return found;
  };
}

function step(segment: string): Selector {
  const index = /^(0|[1-9][0-9]*)$/.test(segment) ? Number(segment) : -1;
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) return index < 0 ? undefined : (value[index] as Value | undefined);
    if (value instanceof Uint8Array) return undefined;
    return Object.hasOwn(value, segment)
      ? (value as { readonly [key: string]: Value })[segment]
      : undefined;
  };
}

function unescapeToken(token: string): string {
  return token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token;
}

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

function notAPointer(text: string, problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.DOC020({ text: JSON.stringify(text), problem })]);
}
