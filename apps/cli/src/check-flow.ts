// The one check of a flow that every command uses: the document, the rules, the policy, the bodies.
import { sortDiagnostics, type Diagnostic } from '@basalt/diagnostics';
import type { FlowBundle } from '@basalt/executor';
import { authoredLocation, checkBodies } from '@basalt/flow-dsl';
import type { Profile } from '@basalt/ir';
import { parsePolicy, validateDocument, validateFlow, type Policy } from '@basalt/validator';
import type { LoadedFlow } from '@basalt/flow-loader';
import type { CommandIo } from './terminal/command-io.js';
import { readTextArgument } from './write-file.js';

export interface CheckOptions {
  readonly profile?: Profile | undefined;
  /** A policy file, by its path. */
  readonly policyFile?: string | undefined;
}

/** All findings, in a fixed order. */
export async function checkFlow(
  loaded: LoadedFlow,
  options: CheckOptions,
  io: CommandIo,
): Promise<Diagnostic[]> {
  const findings: Diagnostic[] = [];
  const policy = await readPolicy(options.policyFile, io, findings);
  const rules = {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(policy === undefined ? {} : { policy }),
  };
  if (loaded.bundle !== undefined) {
    const { bundle } = loaded;
    findings.push(...validateFlow(bundle.ir, rules).map((found) => placed(bundle, found)));
    findings.push(...checkBodies(bundle));
  } else {
    const { bytes, file } = loaded.document;
    const place = file === undefined ? {} : { file };
    findings.push(...validateDocument(bytes, { ...rules, ...place }).diagnostics);
  }
  return sortDiagnostics(findings);
}

/** The finding, in the line of the module that made the part of the document that it is about. */
function placed(bundle: FlowBundle, finding: Diagnostic): Diagnostic {
  const { location } = finding;
  if (location?.pointer === undefined || location.line !== undefined) return finding;
  const authored = authoredLocation(bundle, location.pointer);
  return authored === undefined ? finding : { ...finding, location: { ...authored, ...location } };
}

async function readPolicy(
  file: string | undefined,
  io: CommandIo,
  findings: Diagnostic[],
): Promise<Policy | undefined> {
  if (file === undefined) return undefined;
  const { policy, diagnostics } = parsePolicy(await readTextArgument(file, io), file);
  findings.push(...diagnostics);
  return policy;
}
