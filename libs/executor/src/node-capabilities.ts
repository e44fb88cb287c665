// Which capabilities the hints of a node stand for: `resource::<domain>[::op]` grants the capability of
// its domain; http has one for reading and one for writing.
import type { FlowIR, NodeIR } from '@basalt/ir';

/** Names of the capabilities that a node's hints and declared secrets grant. */
export function capabilitiesOf(node: NodeIR): ReadonlySet<string> {
  const names = new Set<string>();
  for (const hint of hintsOf(node)) {
    const name = capabilityOf(hint);
    if (name !== undefined) names.add(name);
  }
  if ((node.secrets ?? []).length > 0) names.add('secrets');
  return names;
}

/** The hints that no bound capability serves, sorted and unique, subflows included. */
export function missingHints(flow: FlowIR, bound: ReadonlySet<string>): readonly string[] {
  const missing = new Set<string>();
  const pending: FlowIR[] = [flow];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const node of next.nodes) {
      for (const hint of hintsOf(node)) {
        const name = capabilityOf(hint);
        if (name !== undefined && !bound.has(name)) missing.add(hint);
      }
      if ((node.secrets ?? []).length > 0 && !bound.has('secrets'))
        missing.add('resource::secrets');
    }
    pending.push(...Object.values(next.subflows ?? {}));
  }
  return [...missing].sort();
}

function hintsOf(node: NodeIR): readonly string[] {
  return [...node.effectHints, ...node.determinismHints];
}

function capabilityOf(hint: string): string | undefined {
  const [root, domain, operation] = hint.split('::');
  if (root !== 'resource' || domain === undefined) return undefined;
  if (domain !== 'http') return domain;
  if (operation === 'read') return 'httpRead';
  return operation === 'write' ? 'httpWrite' : undefined;
}
