// Proves that no value of a branch is valid against a schema, by types, listed values, ranges and
// properties that tell alternatives apart.
import { branchesOf, propertySchemas, type Branch } from './branch.js';
import type { Value } from '@basalt/ir';
import { matchesPattern } from './pattern-match.js';
import type { SchemaNode } from './schema-node.js';
import { MAX_DEPTH } from './step-budget.js';
import type { SubsetProver } from './subset-prover.js';

/** True when it is proved that the two have no value in common. */
export function isDisjoint(
  prover: SubsetProver,
  branch: Branch,
  other: SchemaNode,
  depth: number,
): boolean {
  if (other.schema === false) return true;
  if (other.schema === true || depth > MAX_DEPTH) return false;
  if (branch.values !== undefined) {
    return branch.values.every((value) => prover.evaluator.evaluate(other, value) === 'no');
  }
  const branches = branchesOf(prover.evaluator, [other]);
  return branches.every((b) => branchesClash(prover, branch, b, depth + 1));
}

function branchesClash(prover: SubsetProver, a: Branch, b: Branch, depth: number): boolean {
  if (a.type !== b.type) return true;
  if (b.values !== undefined) return b.values.every((value) => refusedBy(prover, a, value));
  if (a.minSize > b.maxSize || b.minSize > a.maxSize) return true;
  if (a.type === 'number') return a.min.at > b.max.at || b.min.at > a.max.at;
  return a.type === 'object' && propertiesClash(prover, a, b, depth);
}

function refusedBy(prover: SubsetProver, branch: Branch, value: Value): boolean {
  return prover.evaluator.all(branch.nodes, value) === 'no';
}

/** Some property that one side always has can have no common value. */
function propertiesClash(prover: SubsetProver, a: Branch, b: Branch, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  return [...new Set([...a.required, ...b.required])].some((name) => {
    const own = propertySchemas(prover.scope, a, name, matchesPattern);
    const others = propertySchemas(prover.scope, b, name, matchesPattern);
    return branchesOf(prover.evaluator, own).every((branch) =>
      others.some((other) => isDisjoint(prover, branch, other, depth + 1)),
    );
  });
}
