// Checks a lock file before anything of it is used: form, version, hash, providers, bindings.
import { DiagnosticError, diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import { formatPointer, locateValues } from '@basalt/ir';
import { capabilitiesOfHint } from '../capability-hints.js';
import { LOCK_VERSION, type BindingsLock } from './bindings-lock.js';
import { unboundHint } from './choose-bindings.js';
import { contentHash } from './content-hash.js';
import { lockFormProblem } from './lock-form.js';
import { malformedLock, readLockText } from './lock-text.js';
import { providerKind, serves, settingsProblem } from './provider-kinds.js';

export interface VerifyLockOptions {
  /** The flow that is to run; its bindings must be there. */
  readonly flowId?: string;
  /** Every hint of that flow; each must be bound. */
  readonly requiredHints?: readonly string[];
}

type Place = (...path: string[]) => Location;

function checkForm(value: unknown, place: Place): asserts value is BindingsLock {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformedLock('it is no object');
  }
  const found = (value as { version?: unknown }).version;
  if (typeof found === 'number' && found !== LOCK_VERSION) {
    const params = { found, supported: LOCK_VERSION };
    throw new DiagnosticError([diagnostic.BIND011(params, place('version'))]);
  }
  const problem = lockFormProblem(value);
  if (problem !== undefined) throw malformedLock(problem.reason, place(...problem.path));
}

function checkInstances(lock: BindingsLock, place: Place, findings: Diagnostic[]): void {
  for (const [name, instance] of Object.entries(lock.instances)) {
    const { provider_kind, isolation } = instance;
    if (isolation !== null && Object.keys(isolation).length > 0) {
      findings.push(diagnostic.BIND013({ instance: name }, place('instances', name, 'isolation')));
    }
    try {
      const kind = providerKind(provider_kind, place('instances', name, 'provider_kind'));
      const settings = { connect: instance.connect ?? {}, config: instance.config ?? {} };
      const reason = settingsProblem(kind, settings);
      if (reason !== undefined) {
        const params = { kind: provider_kind, reason };
        findings.push(diagnostic.BIND005(params, place('instances', name)));
      }
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      findings.push(...error.diagnostics);
    }
  }
}

/** Why the instance cannot serve the hint; undefined when it can. */
function useProblem(lock: BindingsLock, hint: string, name: string): string | undefined {
  if (!Object.hasOwn(lock.instances, name)) return 'is not defined';
  const { provider_kind } = lock.instances[name]!;
  try {
    if (serves(providerKind(provider_kind), hint)) return undefined;
  } catch {
    // An unknown kind has its own finding.
    return undefined;
  }
  return `is a ${provider_kind} and does not serve it`;
}

function checkFlows(lock: BindingsLock, place: Place, findings: Diagnostic[]): void {
  for (const [flow, { use }] of Object.entries(lock.flows)) {
    const bound = new Map<string, string>();
    for (const [hint, instance] of Object.entries(use)) {
      const location = place('flows', flow, 'use', hint);
      const reason = useProblem(lock, hint, instance);
      if (reason !== undefined) {
        findings.push(diagnostic.BIND016({ flow, hint, instance, reason }, location));
      }
      for (const capability of capabilitiesOfHint(hint)) {
        const first = bound.get(capability) ?? instance;
        bound.set(capability, first);
        if (first !== instance) {
          findings.push(diagnostic.BIND006({ hint, first, second: instance }, location));
        }
      }
    }
  }
}

function checkRequired(
  lock: BindingsLock,
  { flowId, requiredHints = [] }: VerifyLockOptions,
  place: Place,
  findings: Diagnostic[],
): void {
  if (flowId === undefined) return;
  if (!Object.hasOwn(lock.flows, flowId)) {
    findings.push(diagnostic.BIND014({ flow: flowId }, place('flows')));
    return;
  }
  const { use } = lock.flows[flowId]!;
  for (const hint of [...new Set(requiredHints)].sort()) {
    if (Object.hasOwn(use, hint)) continue;
    findings.push({ ...unboundHint(flowId, hint), location: place('flows', flowId, 'use') });
  }
}

/** The lock that the text holds. Throws a DiagnosticError with every finding: BIND010 and BIND011 at
 * once, else BIND003, BIND005, BIND006 and BIND012 to BIND016. */
export function verifyLock(text: string, options: VerifyLockOptions = {}): BindingsLock {
  const value = readLockText(text);
  const place: Place = (...path) => {
    const pointer = formatPointer(path);
    return { pointer, ...locateValues(text, new Set([pointer])).get(pointer) };
  };
  checkForm(value, place);
  const findings: Diagnostic[] = [];
  const actual = contentHash(value);
  if (actual !== value.content_hash) {
    const params = { actual, expected: value.content_hash };
    findings.push(diagnostic.BIND012(params, place('content_hash')));
  }
  checkInstances(value, place, findings);
  checkFlows(value, place, findings);
  checkRequired(value, options, place, findings);
  const [first, ...others] = findings;
  if (first !== undefined) throw new DiagnosticError([first, ...others]);
  return value;
}
