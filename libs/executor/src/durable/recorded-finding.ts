// Findings on their way into a journal and back.
import { REGISTRY, type Diagnostic, type Severity } from '@basalt/diagnostics';
import type { RecordedFinding } from './run-journal.js';

export function recordFinding({ code, message, severity }: Diagnostic): RecordedFinding {
  return { code, message, severity };
}

/** The finding with the help of its code; one of an unknown code (of another version) has none. */
export function restoreFinding({ code, message, severity }: RecordedFinding): Diagnostic {
  const entry = Object.hasOwn(REGISTRY, code) ? REGISTRY[code as keyof typeof REGISTRY] : undefined;
  return {
    code,
    message,
    severity: severity as Severity,
    subsystem: entry?.subsystem ?? 'runtime',
    summary: entry?.summary ?? message,
    help: entry?.fix ?? '',
  };
}
