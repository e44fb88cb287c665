// Gives a node the capabilities that its hints declare. Reading another one is a coded error, so that
// what a flow says about itself is what it can do.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { CapabilityName, CapabilitySet } from '@basalt/capabilities';
import type { NodePlan } from './exec-plan.js';

const NAMES: readonly CapabilityName[] = [
  'kv',
  'blob',
  'queue',
  'dedupe',
  'cache',
  'httpRead',
  'httpWrite',
  'clock',
  'rng',
  'secrets',
  'fs',
  'log',
];

/** The part of `all` that `plan` may use; it cannot be changed. */
export function gateCapabilities(plan: NodePlan, all: CapabilitySet): CapabilitySet {
  const gated = Object.create(null) as CapabilitySet;
  for (const name of NAMES) {
    const granted = plan.capabilities.has(name);
    Object.defineProperty(gated, name, {
      enumerable: granted,
      get: () => {
        if (granted) return all[name];
        throw new DiagnosticError([diagnostic.CAP102({ node: plan.alias, capability: name })]);
      },
    });
  }
  return Object.freeze(gated);
}
