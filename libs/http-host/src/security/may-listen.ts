// A host that asks nobody who they are stays on its own machine.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import { isLoopback } from './address-ranges.js';
import type { SecurityOptions } from './security-options.js';

/** Refuses to listen where others could use a host without authentication.
 * @throws DiagnosticError HTTP204. */
export function assertMayListen(host: string, options: SecurityOptions): void {
  if (options.tokenFile !== undefined || options.allowUnauthenticated || isLoopback(host)) return;
  const shown = host === '' ? 'every address' : printable(host);
  throw new DiagnosticError([diagnostic.HTTP204({ host: shown })]);
}
