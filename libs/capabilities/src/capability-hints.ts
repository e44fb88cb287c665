// Which hint stands for which capability, for bindings and for messages. The validator's registry
// says what a hint demands of a node; this table says only what can be provided.
import type { CapabilityName } from './capability-set.js';

interface HintRow {
  /** `resource::<domain>` or `resource::<domain>::<operation>`. */
  readonly hint: string;
  readonly capabilities: readonly CapabilityName[];
}

const both = (domain: CapabilityName, ...operations: string[]): HintRow[] =>
  ['', ...operations.map((operation) => `::${operation}`)].map((end) => ({
    hint: `resource::${domain}${end}`,
    capabilities: [domain],
  }));

/** Every hint that a binding may name, in the order in which messages list them. */
export const BINDABLE_HINTS: readonly HintRow[] = [
  ...both('kv', 'read', 'write'),
  ...both('blob', 'read', 'write'),
  ...both('queue', 'publish', 'consume'),
  ...both('dedupe', 'read', 'write'),
  ...both('cache', 'read', 'write'),
  { hint: 'resource::cache::disk', capabilities: ['cacheDisk'] },
  { hint: 'resource::cache::redis', capabilities: ['cacheRedis'] },
  { hint: 'resource::http', capabilities: ['httpRead', 'httpWrite'] },
  { hint: 'resource::http::read', capabilities: ['httpRead'] },
  { hint: 'resource::http::write', capabilities: ['httpWrite'] },
  ...both('clock'),
  ...both('rng'),
  ...both('secrets', 'read'),
  ...both('fs', 'read', 'write'),
  ...both('log'),
];

const byHint = new Map(BINDABLE_HINTS.map((row) => [row.hint, row]));

/** What a hint grants, by the longest known prefix of whole `::` segments; empty when none is known. */
export function capabilitiesOfHint(hint: string): readonly CapabilityName[] {
  return knownPrefix(hint)?.capabilities ?? [];
}

/** The longest known hint that `hint` begins with, by whole segments. */
export function knownPrefix(hint: string): HintRow | undefined {
  const segments = hint.split('::', 4);
  for (let length = segments.length; length >= 2; length -= 1) {
    const row = byHint.get(segments.slice(0, length).join('::'));
    if (row !== undefined) return row;
  }
  return undefined;
}

/** The hints to declare for a capability, for a message. */
export function hintsFor(capability: CapabilityName): string {
  const rows = BINDABLE_HINTS.filter((row) => row.capabilities.includes(capability));
  const exact = rows.filter((row) => row.hint.split('::').length === 3);
  return (exact.length > 0 ? exact : rows).map((row) => row.hint).join(' or ');
}
