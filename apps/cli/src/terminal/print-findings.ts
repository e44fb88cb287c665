// How findings reach a person: on stderr, one block each, with the line that they are about.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatDiagnostic, type Diagnostic, isError } from '@basalt/diagnostics';
import type { CommandIo } from './command-io.js';

/** Prints findings and, when there are several, how many. `source` is the text of the document that
 * findings without a readable file are about. */
export function printFindings(
  io: CommandIo,
  findings: readonly Diagnostic[],
  source?: string,
): void {
  const style = io.errStyle;
  const color = {
    fatal: style.red.bold,
    error: style.red,
    warning: style.yellow,
    info: style.cyan,
    place: style.bold,
    dim: style.dim,
  };
  for (const finding of findings) {
    const text = source ?? sourceText(io.cwd, finding.location?.file);
    const excerpt = text === undefined ? {} : { source: text };
    io.err(`${formatDiagnostic(finding, { color, ...excerpt })}\n\n`);
  }
  if (findings.length > 1) io.err(`${countText(findings)}\n`);
}

/** Such as "2 errors, 1 warning". */
export function countText(findings: readonly Diagnostic[]): string {
  const errors = findings.filter(isError).length;
  const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  const parts = [
    [errors, 'error'],
    [findings.length - errors, 'warning'],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, word]) => plural(n, word))
    .join(', ');
}

function sourceText(cwd: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch {
    return undefined;
  }
}
