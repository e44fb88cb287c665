// From FLOW arguments to flows that a host can execute: loaded, checked, and with what is bound for them.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openCapabilities, verifyLock, type OpenedCapabilities } from '@basalt/capabilities';
import { diagnostic, DiagnosticError, hasErrors, type Diagnostic } from '@basalt/diagnostics';
import type { CapabilitySet } from '@basalt/capabilities';
import type { FlowBundle } from '@basalt/executor';
import { checkBodies } from '@basalt/flow-dsl';
import { loadFlowArgument, requireFlow } from '@basalt/flow-loader';
import type { Profile } from '@basalt/ir';
import { validateFlow } from '@basalt/validator';
import { HostUsageError, type HostOutside } from './host-outside.js';

/** Which flows, and what serves their capabilities. */
export interface FlowArgs {
  readonly flow: readonly string[];
  readonly bind?: readonly string[] | undefined;
  readonly bindingsLock?: string | undefined;
}

/** A flow and what is bound for it. */
export interface OpenFlow {
  readonly bundle: FlowBundle;
  readonly capabilities: CapabilitySet;
}

export interface OpenedFlows {
  readonly flows: readonly OpenFlow[];
  /** Closes what was opened for them; call it when no execution runs. */
  close(): Promise<void>;
}

/** Loads, checks and binds flows. Where a profile is given, every flow has to be fit for it, whatever
 * its own is. @throws DiagnosticError with the findings of all flows. @throws HostUsageError */
export async function openFlows(
  args: FlowArgs,
  outside: HostOutside,
  profile?: Profile,
): Promise<OpenedFlows> {
  const bundles: FlowBundle[] = [];
  for (const name of args.flow) bundles.push(await loadBundle(name, outside));
  const findings = bundles.flatMap((bundle) => [
    ...(profile === undefined ? [] : validateFlow(bundle.ir, { profile }).filter(isNoAnswerLost)),
    ...checkBodies(bundle),
  ]);
  if (hasErrors(findings)) throw new DiagnosticError(findings as [Diagnostic, ...Diagnostic[]]);
  const lock = args.bindingsLock;
  const text = lock === undefined ? undefined : await readLock(resolve(outside.cwd, lock));
  const opened: OpenedCapabilities[] = [];
  const close = async () => {
    for (const one of opened) await one.close();
  };
  try {
    const flows: OpenFlow[] = [];
    for (const bundle of bundles) {
      const { id: flowId } = bundle.ir;
      const bindings = text === undefined ? (args.bind ?? []) : verifyLock(text, { flowId });
      const capabilities = await openCapabilities(bindings, flowId, {
        environment: outside.env,
        logSink: (line) => outside.err(line),
        baseFolder: outside.cwd,
      });
      opened.push(capabilities);
      flows.push({ bundle, capabilities: capabilities.capabilities });
    }
    return { flows, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** DAG102: a trigger answers with a value and the host has no caller. Here the answer is not lost: the
 * journal keeps the result, and the URL of the run shows it. */
function isNoAnswerLost({ code }: Diagnostic): boolean {
  return code !== 'DAG102';
}

async function loadBundle(name: string, outside: HostOutside): Promise<FlowBundle> {
  const readStdin = () => Promise.reject(new HostUsageError('- cannot be served: name a module.'));
  const loaded = await loadFlowArgument(name, { ...outside, readStdin });
  if (loaded.bundle !== undefined) return loaded.bundle;
  const identifiers = requireFlow(loaded)
    .nodes.map(({ identifier }) => identifier)
    .join(', ');
  throw new DiagnosticError([diagnostic.CLI006({ flow: name, identifiers })]);
}

function readLock(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new HostUsageError(`--bindings-lock ${file} cannot be read: ${error.code}.`);
  });
}
