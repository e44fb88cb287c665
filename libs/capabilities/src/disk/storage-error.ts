// Turns what the operating system and LMDB say into codes: a full disk is told from a broken one.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const NO_SPACE_TEXT = /no space left|quota exceeded|file too large|MDB_MAP_FULL/i;

/** CAP107 where space ran out, else CAP109; a DiagnosticError passes through. */
export function storageError(call: string, folder: string, cause: unknown): DiagnosticError {
  if (cause instanceof DiagnosticError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const full = NO_SPACE.has(String(code)) || NO_SPACE_TEXT.test(reason);
  const finding = full
    ? diagnostic.CAP107({ call, folder, reason })
    : diagnostic.CAP109({ call, folder, reason });
  return new DiagnosticError([finding], { cause });
}
