// What the product says about one input of a fixture.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { loadFlow, type FlowIR } from '@basalt/ir';
import {
  compileFlow,
  startRun,
  type FlowBundle,
  type HostOptions,
  type Invoke,
} from '@basalt/executor';
import { checkBodies } from '@basalt/flow-dsl';
import {
  parsePolicy,
  validateDocument,
  validateFlow,
  type ValidateOptions,
} from '@basalt/validator';
import type { FixtureOptions, HostBindings } from './fixture-folder.js';

/** A module of a fixture exports one of these. */
interface FixtureModule {
  /** Given to the loader as it is, then validated. */
  readonly document?: unknown;
  /** An authored flow, which is validated and whose bodies are scanned. */
  readonly flow?: FlowBundle;
  /** Executed; findings are those of the execution. */
  readonly run?: FixtureRun;
  /** Findings are those that it throws. */
  readonly act?: () => unknown;
  /** Findings are those that it returns. */
  readonly findings?: () => readonly Diagnostic[] | Promise<readonly Diagnostic[]>;
}

/** One execution, in deterministic mode unless its host says otherwise. */
export interface FixtureRun extends Invoke {
  readonly flow: FlowBundle;
  readonly host?: HostOptions;
}

/** All findings for the input at `path`. */
export async function diagnoseFixture(
  path: string,
  options: FixtureOptions,
): Promise<readonly Diagnostic[]> {
  try {
    if (!/\.[jt]s$/.test(path)) {
      const all = { file: basename(path), ...options.load, ...hostOptions(options) };
      return validateDocument(readFileSync(path), all).diagnostics;
    }
    const module = (await import(path)) as FixtureModule;
    if ('document' in module) return diagnoseObject(module.document, options);
    if (module.flow !== undefined) {
      return [...diagnoseFlow(module.flow.ir, options), ...checkBodies(module.flow)];
    }
    if (module.run !== undefined) {
      const { flow, host = { deterministic: { seed: 1 } }, ...invoke } = module.run;
      return (await startRun(compileFlow(flow), invoke, host).result).diagnostics;
    }
    if (module.findings !== undefined) return await module.findings();
    if (module.act === undefined) throw new Error(`${path} exports nothing to try`);
    await module.act();
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics;
    throw error;
  }
}

function diagnoseObject(input: unknown, options: FixtureOptions): readonly Diagnostic[] {
  const { flow, diagnostics } = loadFlow(input, options.load);
  return flow === undefined ? diagnostics : [...diagnostics, ...diagnoseFlow(flow, options)];
}

function diagnoseFlow(flow: FlowIR, options: FixtureOptions): readonly Diagnostic[] {
  return validateFlow(flow, hostOptions(options));
}

/** Throws the findings of a policy that cannot be read. */
function hostOptions({ profile, bindings, policy }: FixtureOptions): ValidateOptions {
  const parsed = policy === undefined ? undefined : parsePolicy(policy, 'policy.yaml');
  const [first, ...others] = parsed?.diagnostics ?? [];
  if (first !== undefined) throw new DiagnosticError([first, ...others]);
  return {
    ...(parsed?.policy === undefined ? {} : { policy: parsed.policy }),
    ...(profile === undefined ? {} : { profile }),
    ...(bindings === undefined ? {} : { bindings: bindingsInfo(bindings) }),
  };
}

function bindingsInfo(bindings: HostBindings): NonNullable<ValidateOptions['bindings']> {
  const { capabilities, credentials, providers } = bindings;
  return {
    capabilities: new Set(capabilities),
    credentials: new Map(Object.entries(credentials).map(([name, to]) => [name, new Set(to)])),
    ...(providers === undefined ? {} : { providers }),
  };
}
