// The order in which findings are shown: by place, so that a reader goes through a file once.
import type { Diagnostic } from './diagnostic.js';

/** By code unit, so that the order does not depend on the language of the machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Compares pointers segment by segment, list indices as numbers: /edges/2 before /edges/10. */
function comparePointers(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = compareSegments(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Indices come before names, which keeps the order transitive. */
function compareSegments(a: string, b: string): number {
  const leftIsIndex = /^\d{1,15}$/.test(a);
  const rightIsIndex = /^\d{1,15}$/.test(b);
  if (leftIsIndex && rightIsIndex) return Number(a) - Number(b) || compareText(a, b);
  if (leftIsIndex !== rightIsIndex) return leftIsIndex ? -1 : 1;
  return compareText(a, b);
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  const left = a.location ?? {};
  const right = b.location ?? {};
  return (
    compareText(left.file ?? '', right.file ?? '') ||
    (left.line ?? 0) - (right.line ?? 0) ||
    (left.column ?? 0) - (right.column ?? 0) ||
    // No pointer before the empty one, which is the whole document.
    Number(left.pointer !== undefined) - Number(right.pointer !== undefined) ||
    comparePointers(left.pointer ?? '', right.pointer ?? '') ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

/** A sorted copy: by file, line and column, pointer, code, message; equal findings keep their order. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(compareDiagnostics);
}

/** Whether a finding fails the check that met it: error or fatal. Also for findings as journals keep
 * them, whose severity is any text. */
export function isError({ severity }: { readonly severity: string }): boolean {
  return severity === 'error' || severity === 'fatal';
}

/** Whether any finding fails the check that met it. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(isError);
}
