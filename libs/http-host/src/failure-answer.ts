// Failures as answers: one envelope {error, code, details, run_id}, whatever went wrong.
import { diagnostic, DiagnosticError, type Diagnostic, isError } from '@basalt/diagnostics';
import type { RunResult } from '@basalt/executor';
import { JSON_TYPE, type Answer } from './answer.js';
import { maySay, statusOfCode } from './status-of-code.js';

/** What every failed request gets as JSON. */
export interface ErrorEnvelope {
  readonly error: string;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Null where no execution was started. */
  readonly run_id: string | null;
}

/** The envelope of a finding. Texts of internal faults are left out unless `expose` is set. */
export function errorEnvelope(
  finding: Diagnostic,
  status: number,
  runId: string | undefined,
  expose: boolean,
): ErrorEnvelope {
  const open = expose || maySay(finding.code, status);
  return {
    error: open ? finding.message : finding.summary,
    code: finding.code,
    details: open ? (finding.details ?? {}) : {},
    run_id: runId ?? null,
  };
}

/** The answer to a finding. */
export function failureAnswer(
  finding: Diagnostic,
  runId: string | undefined,
  expose: boolean,
  status = statusOfCode(finding.code),
): Answer {
  const body = JSON.stringify(errorEnvelope(finding, status, runId, expose));
  const headers: [string, string][] = [];
  const wait = finding.details?.['retry_after_s'];
  if (typeof wait === 'number') headers.push(['retry-after', String(wait)]);
  else if (status === 503) headers.push(['retry-after', '1']);
  const allow = finding.details?.['allow'];
  if (status === 405 && Array.isArray(allow)) headers.push(['allow', allow.join(', ')]);
  return { status, type: JSON_TYPE, headers, body };
}

/** The finding that decided an execution, and its status. */
export function failureOf(result: RunResult): { finding: Diagnostic; status: number } {
  const finding = result.diagnostics.find(isError) ?? result.diagnostics[0]!;
  const refused = finding.code === 'RUN050' && result.summary.nodes.length === 0;
  return { finding, status: refused ? 413 : statusOfCode(finding.code) };
}

/** The finding behind anything that was thrown in the host. */
export function findingOf(error: unknown, request: string): Diagnostic {
  if (error instanceof DiagnosticError) return error.diagnostic;
  const reason = error instanceof Error ? error.message : String(error);
  return diagnostic.HTTP152({ request, reason });
}
