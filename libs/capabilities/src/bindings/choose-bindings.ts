// Which binding serves which hint, and that no capability is given to two providers.
import { isDeepStrictEqual } from 'node:util';
import { DiagnosticError, diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { CapabilityName } from '../capability-set.js';
import { capabilitiesOfHint } from '../capability-hints.js';
import { parseBind, type Binding } from './parse-bind.js';
import { PROVIDER_KINDS, serves } from './provider-kinds.js';

/** What every host has: used for hints of these domains that nothing is bound to. */
const DEFAULTS: readonly Binding[] = ['clock=system', 'rng=system', 'log=stderr'].map(parseBind);

/** A cache that nodes may use also keeps results of its tier, unless another one is bound for that. */
const TIER_OF: Readonly<Partial<Record<string, CapabilityName>>> = {
  'cache.disk': 'cacheDisk',
  'cache.redis': 'cacheRedis',
};

/** A binding for each capability; BIND006 when two differ. */
export function bindingsByCapability(
  bindings: readonly Binding[],
): ReadonlyMap<CapabilityName, Binding> {
  const chosen = new Map<CapabilityName, Binding>();
  const findings: Diagnostic[] = [];
  for (const binding of bindings) {
    for (const capability of capabilitiesOfHint(binding.hint)) {
      const earlier = chosen.get(capability);
      const same =
        earlier !== undefined &&
        isDeepStrictEqual({ ...earlier, hint: '' }, { ...binding, hint: '' });
      if (earlier === undefined || same) chosen.set(capability, binding);
      else {
        const params = { hint: binding.hint, first: earlier.kind, second: binding.kind };
        findings.push(diagnostic.BIND006(params));
      }
    }
  }
  const [first, ...others] = findings;
  if (first !== undefined) throw new DiagnosticError([first, ...others]);
  for (const binding of bindings) {
    const tier = TIER_OF[binding.kind];
    if (tier !== undefined && !chosen.has(tier)) chosen.set(tier, binding);
  }
  for (const binding of DEFAULTS) {
    for (const capability of capabilitiesOfHint(binding.hint)) {
      if (!chosen.has(capability)) chosen.set(capability, binding);
    }
  }
  return chosen;
}

/** The finding for a hint that nothing serves, with an example of what would. */
export function unboundHint(flow: string, hint: string): Diagnostic {
  const serving = PROVIDER_KINDS.find((kind) => serves(kind, hint));
  const example = serving === undefined ? 'PROVIDER' : serving.kind.split('.')[1]!;
  return diagnostic.BIND015({ flow, hint, example });
}

/** The binding that serves each hint. BIND006, or BIND015 for each hint that none serves. */
export function chooseBindings(
  flow: string,
  hints: readonly string[],
  bindings: readonly Binding[],
): ReadonlyMap<string, Binding> {
  const byCapability = bindingsByCapability(bindings);
  const chosen = new Map<string, Binding>();
  const missing: Diagnostic[] = [];
  for (const hint of [...new Set(hints)].sort()) {
    const capabilities = capabilitiesOfHint(hint);
    const found = capabilities.map((name) => byCapability.get(name));
    const [binding] = found;
    if (binding === undefined || found.includes(undefined)) missing.push(unboundHint(flow, hint));
    else chosen.set(hint, binding);
  }
  const [first, ...others] = missing;
  if (first !== undefined) throw new DiagnosticError([first, ...others]);
  return chosen;
}
