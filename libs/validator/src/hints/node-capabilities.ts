// What a node needs: the capabilities behind its hints, and the store of its cache tier.
import type { FlowIR, NodeIR } from '@basalt/ir';
import { lookupHint } from './hint-registry.js';

/** All hints of a node, effect hints first; `resource::cache::<tier>` at the end, where its results are
 * kept in a tier that has to be bound. */
export function hintsOf({ effectHints, determinismHints, cache }: NodeIR): readonly string[] {
  const hints = [...effectHints, ...determinismHints];
  if (cache !== undefined && cache.tier !== 'memory') hints.push(`resource::cache::${cache.tier}`);
  return hints;
}

/** Names of the capabilities that a node's hints and declared secrets grant, sorted and unique. */
export function capabilitiesOf(node: NodeIR): readonly string[] {
  const names = new Set<string>();
  for (const hint of hintsOf(node)) {
    const capability = lookupHint(hint)?.capability;
    if (capability !== undefined) names.add(capability);
  }
  if ((node.secrets ?? []).length > 0) names.add('secrets');
  return [...names].sort();
}

/**
 * The hints that no bound capability serves, sorted and unique: an unknown `resource::` hint always,
 * a known one when its capability is not in `bound` (names of a capability set). Subflows are asked
 * too. Hosts call this before every execution; the result is what CAP101 lists.
 */
export function preflightCapabilities(flow: FlowIR, bound: ReadonlySet<string>): readonly string[] {
  const missing = new Set<string>();
  const pending: FlowIR[] = [flow];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const node of next.nodes) {
      for (const hint of missingHints(node, bound)) missing.add(hint);
    }
    pending.push(...Object.values(next.subflows ?? {}));
  }
  return [...missing].sort();
}

/** The hints of one node that no bound capability serves, in the order of the node. */
export function missingHints(node: NodeIR, bound: ReadonlySet<string>): readonly string[] {
  const missing = new Set<string>();
  for (const hint of hintsOf(node)) {
    if (!hint.startsWith('resource::')) continue;
    const entry = lookupHint(hint);
    if (entry === undefined) missing.add(hint);
    else if (entry.capability !== undefined && !bound.has(entry.capability)) missing.add(hint);
  }
  if ((node.secrets ?? []).length > 0 && !bound.has('secrets')) missing.add('resource::secrets');
  return [...missing];
}
