// What a run was started with, which has to be there.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { JournalStore, RunStart } from '@basalt/journal';

/** @throws DiagnosticError JRNL002 for a run that is not known. */
export async function requireStart(store: JournalStore, runId: string): Promise<RunStart> {
  const start = await store.start(runId);
  if (start === undefined) throw new DiagnosticError([diagnostic.JRNL002({ run: runId })]);
  return start;
}
