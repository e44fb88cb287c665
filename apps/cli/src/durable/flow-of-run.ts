// The code of a journaled run: its journal holds the document of its flow, but no handlers.
import { DiagnosticError, diagnostic, hasErrors } from '@basalt/diagnostics';
import { canContinue, type FlowBundle, type RunRecord } from '@basalt/executor';
import { loadFlowArgument } from '@basalt/flow-loader';
import { structuralHash, type FlowIR } from '@basalt/ir';
import type { RunStart } from '@basalt/journal';
import { checkFlow } from '../check-flow.js';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';
import { printFindings } from '../terminal/print-findings.js';
import { UsageError } from '../usage-error.js';
import { SOURCE_LABEL } from './run-start.js';

/** Loads and checks the flow that is named, else the one that the run was started with.
 * @throws DiagnosticError with what is wrong with it. @throws UsageError where nothing says which. */
export async function flowOfRun(
  start: RunStart,
  named: string | undefined,
  io: CommandIo,
): Promise<FlowBundle> {
  const sources = flowSources(io);
  const { name } = start.flow;
  const shipped = sources.shippedFile(name) === undefined ? undefined : name;
  const argument = named ?? start.labels?.[SOURCE_LABEL] ?? shipped;
  if (argument === undefined) {
    throw new UsageError(
      `The run does not say where the code of its flow ${name} is.`,
      'Name the flow after the run.',
    );
  }
  const loaded = await loadFlowArgument(argument, sources);
  const findings = await checkFlow(loaded, {}, io);
  const [first, ...rest] = findings;
  if (first !== undefined && hasErrors(findings)) throw new DiagnosticError([first, ...rest]);
  printFindings(io, findings);
  if (loaded.bundle !== undefined) return loaded.bundle;
  const identifiers = loaded.ir!.nodes.map(({ identifier }) => identifier).join(', ');
  throw new DiagnosticError([diagnostic.CLI006({ flow: argument, identifiers })]);
}

/** @throws DiagnosticError DUR110, DUR111 where the run may not go on with the flow as it is now. */
export function requireContinuation(
  start: RunStart,
  after: FlowIR,
  history: readonly RunRecord[],
): void {
  if (structuralHash(after) === start.flowHash) return;
  const verdict = canContinue(start.flowDocument as unknown as FlowIR, after, history);
  if (verdict.kind !== 'continue') throw new DiagnosticError([verdict.finding]);
}
