// The way to Restate for who may never use it: its SDK is loaded when flows are first served.
import type { RestateFlows, RestateFlowsOptions } from './restate-flows.js';

/** Serves flows on Restate and registers them. @throws DiagnosticError with the findings on the flows,
 * QUE301 for one that Restate cannot execute, QUE302 where the server cannot be reached. */
export async function serveRestateFlows(options: RestateFlowsOptions): Promise<RestateFlows> {
  const flows = await import('./restate-flows.js');
  return flows.serveRestateFlows(options);
}
