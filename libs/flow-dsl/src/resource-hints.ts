// What follows from the hints that a node lists in `uses`: its hint fields, and the ranks that it may
// leave out.
import type { Determinism, Effects } from '@basalt/ir';

const DOMAIN = /^resource::([a-z][a-z0-9_]*)(?:::([a-z][a-z0-9_]*))?$/;
const READS = new Set(['read', 'consume']);
/** Domains that have no operations, and no effect that anybody could see. */
const AMBIENT = new Set(['clock', 'rng', 'log']);
/** Domains of values that stay for the life of a process. */
const FIXED = new Set(['secrets', 'env']);

/** True for `resource::<domain>` and `resource::<domain>::<operation>`. */
export function isHint(text: unknown): text is string {
  return typeof text === 'string' && DOMAIN.test(text);
}

/** The hint fields of the document. The determinism of a resource depends on its domain alone. */
export function hintFields(uses: readonly string[]): {
  readonly effectHints: readonly string[];
  readonly determinismHints: readonly string[];
} {
  const hints = [...new Set(uses)];
  const domains = hints.map((hint) => `resource::${DOMAIN.exec(hint)![1]!}`);
  return {
    effectHints: hints.filter((hint) => !AMBIENT.has(DOMAIN.exec(hint)![1]!)),
    determinismHints: [...new Set(domains)],
  };
}

/** The lowest effects that the hints allow. */
export function effectsOf(uses: readonly string[]): Effects {
  let effects: Effects = 'pure';
  for (const hint of uses) {
    const [, domain, operation] = DOMAIN.exec(hint)!;
    if (AMBIENT.has(domain!)) continue;
    if (!READS.has(operation ?? '') && !FIXED.has(domain!)) return 'effectful';
    effects = 'read_only';
  }
  return effects;
}

/** The strictest determinism that the hints allow. */
export function determinismOf(uses: readonly string[]): Determinism {
  const domains = uses.map((hint) => DOMAIN.exec(hint)![1]!).filter((domain) => domain !== 'log');
  if (domains.some((domain) => !FIXED.has(domain))) return 'best_effort';
  return domains.length === 0 ? 'strict' : 'stable';
}
