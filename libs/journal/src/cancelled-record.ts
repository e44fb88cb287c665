// The outcome of a run that was cancelled while nobody executed it.
import { diagnostic } from '@basalt/diagnostics';
import type { RunRecord } from '@basalt/executor';

/** The last record of such a run. */
export function cancelledRecord(runId: string, reason: string, at: number): RunRecord {
  const { code, message, severity } = diagnostic.JRNL009({ run: runId, reason });
  return { kind: 'ended', status: 'cancelled', findings: [{ code, message, severity }], at };
}
