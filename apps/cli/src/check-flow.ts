// The one check of a flow that every command uses: the document, the rules, the policy, the bodies.
import { sortDiagnostics, type Diagnostic } from '@basalt/diagnostics';
import { checkBodies } from '@basalt/flow-dsl';
import { locatePointer, type Profile } from '@basalt/ir';
import { parsePolicy, validateFlow, type Policy } from '@basalt/validator';
import type { LoadedFlow } from './load/load-flow-argument.js';
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
  const findings: Diagnostic[] = [...loaded.diagnostics];
  const policy = await readPolicy(options.policyFile, io, findings);
  if (loaded.ir !== undefined) {
    findings.push(
      ...validateFlow(loaded.ir, {
        ...(options.profile === undefined ? {} : { profile: options.profile }),
        ...(policy === undefined ? {} : { policy }),
      }).map((finding) => placed(finding, loaded)),
    );
  }
  if (loaded.bundle !== undefined) findings.push(...checkBodies(loaded.bundle));
  return sortDiagnostics(findings);
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

/** Adds file, line and column to a finding in a document. */
function placed(finding: Diagnostic, loaded: LoadedFlow): Diagnostic {
  const pointer = finding.location?.pointer;
  if (pointer === undefined || loaded.text === undefined) return finding;
  const at = locatePointer(loaded.text, pointer);
  return {
    ...finding,
    location: {
      ...finding.location,
      ...(loaded.file === undefined ? {} : { file: loaded.file }),
      ...at,
    },
  };
}
