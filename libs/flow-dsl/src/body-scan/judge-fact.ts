// Holds what a body does against what its node declares.
import { diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import { DETERMINISM, EFFECTS, type NodeIR } from '@basalt/ir';
import { isDeclared } from './context-use.js';
import { HAZARD_RULES } from './hazard-table.js';
import type { BodyFact } from './scan-function.js';

/** The findings that a fact is for this node: none where the declaration allows it. */
export function judgeFact(
  node: NodeIR,
  fact: BodyFact,
  location: Location | undefined,
): Diagnostic[] {
  switch (fact.kind) {
    case 'hazard':
      return judgeHazard(node, fact, location);
    case 'state': {
      const { alias, effects, determinism } = node;
      const steady = rankOf(DETERMINISM, determinism) < rankOf(DETERMINISM, 'best_effort');
      if (!steady && effects !== 'pure') return [];
      return [diagnostic.BODY103({ node: alias, name: fact.name }, location)];
    }
    case 'context': {
      if (isDeclared(fact.use, declaredHints(node))) return [];
      const { what, hint } = fact.use;
      return [diagnostic.BODY104({ node: node.alias, what, hint }, location)];
    }
    case 'unfollowed': {
      const reason = `it calls into ${fact.name}, which is another file`;
      return [diagnostic.BODY106({ node: node.alias, reason }, location)];
    }
    case 'secret':
      if (node.secrets?.includes(fact.name) === true) return [];
      return [diagnostic.BODY105({ node: node.alias, secret: fact.name }, location)];
  }
}

function judgeHazard(
  node: NodeIR,
  { hazard, name: what }: Extract<BodyFact, { kind: 'hazard' }>,
  location: Location | undefined,
): Diagnostic[] {
  const { alias, effects, determinism } = node;
  const rule = HAZARD_RULES[hazard];
  const extras = { help: rule.help };
  const unsteady = rankOf(DETERMINISM, determinism) < rankOf(DETERMINISM, rule.determinism);
  if (rankOf(EFFECTS, effects) < rankOf(EFFECTS, rule.effects)) {
    // To read the environment is a matter of determinism first.
    if (hazard !== 'environment' || !unsteady) {
      return [diagnostic.BODY102({ node: alias, what, declared: effects }, location, extras)];
    }
  }
  if (unsteady) return [diagnostic.BODY101({ node: alias, what }, location, extras)];
  const { hint } = rule;
  if (hint === undefined) return [];
  const others = hint.endsWith('::read') ? [hint.replace('::read', '::write')] : [];
  if (isDeclared({ what, hint, others }, declaredHints(node))) return [];
  return [diagnostic.BODY104({ node: alias, what, hint }, location, extras)];
}

/** A bare domain among the determinism hints says how a resource behaves, not what is done with it. */
function declaredHints(node: NodeIR): ReadonlySet<string> {
  const ambient = /^resource::(clock|rng|log|secrets|env)$/;
  const others = node.determinismHints.filter(
    (hint) => ambient.test(hint) || hint.split('::').length > 2,
  );
  return new Set([...node.effectHints, ...others]);
}

function rankOf(ranks: readonly string[], word: string): number {
  return ranks.indexOf(word);
}
