// What a policy says: which capabilities, hosts, effects and determinism flows may use, and further
// rules as expressions.
import type { Determinism, Effects } from '@basalt/ir';
import type { CompiledExpression } from './cel-expression.js';

/** Patterns that allow and deny. A denial wins; without `allow` everything is allowed. */
export interface AccessList {
  readonly allow?: readonly string[];
  readonly deny: readonly string[];
}

export interface PolicyRule {
  readonly name: string;
  /** Where the rule applies; everywhere when absent. */
  readonly when?: CompiledExpression;
  /** Where it applies, true denies. `true` as a word denies whatever `when` selects. */
  readonly deny: CompiledExpression | true;
  readonly message?: string;
  readonly severity: 'error' | 'warning';
  /** What the rule is asked about. */
  readonly about: 'node' | 'edge' | 'flow';
}

/** A checked policy, ready to be applied. */
export interface Policy {
  /** The file that it was read from. */
  readonly file: string;
  readonly capabilities: AccessList;
  readonly egress: AccessList;
  readonly maxEffects?: Effects;
  readonly maxDeterminism?: Determinism;
  readonly rules: readonly PolicyRule[];
}

/** True when the list lets `subject` pass. */
export function allows(
  list: AccessList,
  subject: string,
  covers: (pattern: string, subject: string) => boolean,
): boolean {
  if (list.deny.some((pattern) => covers(pattern, subject))) return false;
  return list.allow === undefined || list.allow.some((pattern) => covers(pattern, subject));
}

/** Whether a glob over hints covers one: `*` stands for any text, segments included. */
export function globCovers(glob: string, text: string): boolean {
  const [first = '', ...parts] = glob.split('*');
  if (parts.length === 0) return glob === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = parts.pop()!;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
