// A finding as text for a terminal or a log.
import type { Diagnostic, Location, Severity } from './diagnostic.js';
import { explainCode } from './explain.js';
import { printable } from './printable.js';
import { sourceExcerpt } from './source-excerpt.js';

type Paint = (text: string) => string;

/** How parts are coloured; the caller decides whether the terminal has colours. */
export interface DiagnosticColors {
  readonly fatal?: Paint;
  readonly error?: Paint;
  readonly warning?: Paint;
  readonly info?: Paint;
  /** File, line and column. */
  readonly place?: Paint;
  /** The words why and help, the source line. */
  readonly dim?: Paint;
}

export interface FormatOptions {
  /** Plain text when absent. */
  readonly color?: DiagnosticColors;
  /** Text of the file that the finding is in; shows the line with a caret. */
  readonly source?: string;
}

const plain: Paint = (text) => text;

/** `file:line:column (pointer)`, as much of it as is known; empty for no place. */
export function formatLocation(location: Location): string {
  const { file, pointer, line, column } = location;
  const lineAndColumn = [line, column].filter((n) => n !== undefined).join(':');
  const place = [file, line === undefined ? undefined : lineAndColumn]
    .filter((part) => part !== undefined)
    .join(file === undefined ? '' : ':');
  if (pointer === undefined) return printable(place);
  // The empty pointer is the whole document.
  const shown = pointer === '' ? 'document' : pointer;
  return printable(place === '' ? shown : `${place} (${shown})`);
}

/** The finding as lines of text without a trailing newline: severity, code and message; place; source
 * line with caret, where `source` is given; why it matters; how to mend it. */
export function formatDiagnostic(diagnostic: Diagnostic, options: FormatOptions = {}): string {
  const { color = {}, source } = options;
  const { severity, code, message, location, help } = diagnostic;
  const paint = color[severity] ?? plain;
  const place = color.place ?? plain;
  const dim = color.dim ?? plain;
  const lines = [`${paint(`${severityWord(severity)} ${code}`)}: ${printable(message)}`];
  if (location !== undefined) {
    const where = formatLocation(location);
    if (where !== '') lines.push(`  at ${place(where)}`);
  }
  if (source !== undefined && location?.line !== undefined) {
    const excerpt = sourceExcerpt(source, location.line, location.column);
    if (excerpt !== undefined) lines.push(`    ${dim(excerpt[0])}`, `    ${paint(excerpt[1])}`);
  }
  const why = explainCode(code)?.why;
  if (why !== undefined) lines.push(`  ${dim('why:')}  ${why}`);
  lines.push(`  ${dim('help:')} ${printable(help)}`);
  return lines.join('\n');
}

function severityWord(severity: Severity): string {
  return severity === 'fatal' ? 'fatal error' : severity;
}
