// Proofs of the keywords of objects.
import type { Value } from '@basalt/ir';
import { mentionedNames, propertySchemas, type Branch } from './branch.js';
import { opaque } from './array-keywords.js';
import { below, type Finding, type Place } from './finding.js';
import { matchesPattern } from './pattern-match.js';
import { keyword, type SchemaNode } from './schema-node.js';
import { brief, type KeywordProof, type SubsetProver } from './subset-prover.js';

function schemasOf(prover: SubsetProver, branch: Branch, name: string): readonly SchemaNode[] {
  return propertySchemas(prover.scope, branch, name, matchesPattern);
}

function proveProperty(
  prover: SubsetProver,
  branch: Branch,
  name: string,
  consumer: SchemaNode,
  place: Place,
): readonly Finding[] {
  const inner = { path: below(place.path, name), level: place.level + 1, depth: place.depth };
  const findings = prover.prove(schemasOf(prover, branch, name), consumer, inner);
  return findings.map((finding) => ({
    ...finding,
    candidates: () =>
      finding
        .candidates()
        .map((value) => prover.sampler.objectWith(branch, name, value, 0))
        .filter((v): v is Value => v !== undefined),
  }));
}

const properties: KeywordProof = (prover, branch, consumer, place) => {
  if (branch.type !== 'object') return [];
  return [...prover.scope.childMap(consumer, 'properties')].flatMap(([name, child]) =>
    proveProperty(prover, branch, name, child, place),
  );
};

const required: KeywordProof = (prover, branch, consumer, place) => {
  const names = keyword(consumer, 'required');
  if (branch.type !== 'object' || !Array.isArray(names)) return [];
  const absent = names.find((name) => !branch.required.has(String(name)));
  if (absent === undefined) return [];
  const reason = `the property ${brief(absent)} can be absent`;
  return prover.refuse(branch, consumer, 'required', place, reason);
};

/** A name that no schema of either side mentions or matches, standing for all such names. */
function freshName(prover: SubsetProver, branch: Branch, consumer: SchemaNode): string | undefined {
  const taken = new Set(mentionedNames(prover.scope, branch));
  for (const name of prover.scope.childMap(consumer, 'properties').keys()) taken.add(name);
  for (let n = 0; n < 1000; n += 1) {
    const name = n === 0 ? 'other' : `other${n}`;
    if (!taken.has(name)) return name;
  }
  return undefined;
}

function hasPatterns(prover: SubsetProver, node: SchemaNode): boolean {
  return prover.scope.childMap(node, 'patternProperties').size > 0;
}

const additionalProperties: KeywordProof = (prover, branch, consumer, place) => {
  if (branch.type !== 'object') return [];
  const child = prover.scope.child(consumer, keyword(consumer, 'additionalProperties'));
  if (child.schema === true) return [];
  const listed = prover.scope.childMap(consumer, 'properties');
  const patterns = [...prover.scope.childMap(consumer, 'patternProperties').keys()];
  const others = mentionedNames(prover.scope, branch).filter(
    (name) => !listed.has(name) && !patterns.some((p) => matchesPattern(p, name) === true),
  );
  const findings = others.flatMap((name) => proveProperty(prover, branch, name, child, place));
  return [...findings, ...proveUnmentioned(prover, branch, consumer, child, place)];
};

/** Names that nobody mentions: all alike when no patterns are in play; else only compared when the
 * producer allows no such name, or has the same patterns with the same meaning. */
function proveUnmentioned(
  prover: SubsetProver,
  branch: Branch,
  consumer: SchemaNode,
  child: SchemaNode,
  place: Place,
): readonly Finding[] {
  const patterned = branch.nodes.filter((node) => hasPatterns(prover, node));
  const name = freshName(prover, branch, consumer);
  if (name === undefined)
    return prover.refuse(branch, consumer, 'additionalProperties', place, TOO_MANY);
  if (patterned.length === 0) return proveProperty(prover, branch, name, child, place);
  const closed = branch.nodes.some(
    (node) => !hasPatterns(prover, node) && keyword(node, 'additionalProperties') === false,
  );
  if (closed) return [];
  const allowed = prover.scope.childMap(consumer, 'patternProperties');
  const covered = patterned.some(
    (node) =>
      keyword(node, 'additionalProperties') === false &&
      [...prover.scope.childMap(node, 'patternProperties').keys()].every((p) => allowed.has(p)),
  );
  if (covered) return [];
  const reason = 'a property that only a pattern describes can occur';
  return prover.refuse(branch, consumer, 'additionalProperties', place, reason);
}

const TOO_MANY = 'there are too many properties to compare';

const patternProperties: KeywordProof = (prover, branch, consumer, place) => {
  if (branch.type !== 'object') return [];
  const findings: Finding[] = [];
  for (const [pattern, child] of prover.scope.childMap(consumer, 'patternProperties')) {
    for (const name of mentionedNames(prover.scope, branch)) {
      if (matchesPattern(pattern, name) === false) continue;
      findings.push(...proveProperty(prover, branch, name, child, place));
    }
    findings.push(...provePattern(prover, branch, consumer, pattern, child, place));
  }
  return findings;
};

/** Names that match the pattern and that the producer does not mention. */
function provePattern(
  prover: SubsetProver,
  branch: Branch,
  consumer: SchemaNode,
  pattern: string,
  child: SchemaNode,
  place: Place,
): readonly Finding[] {
  const schemas = branch.nodes.flatMap((node) => {
    const same = prover.scope.childMap(node, 'patternProperties').get(pattern);
    if (same !== undefined) return [same];
    const rest = keyword(node, 'additionalProperties');
    return rest === undefined || hasPatterns(prover, node) ? [] : [prover.scope.child(node, rest)];
  });
  const inner = { path: place.path, level: place.level + 1, depth: place.depth };
  if (prover.prove(schemas, child, inner).length === 0) return [];
  const reason = `a property that matches ${brief(pattern)} need not fit`;
  return prover.refuse(branch, consumer, 'patternProperties', place, reason);
}

/** No name but those mentioned can occur. */
function isClosed(prover: SubsetProver, branch: Branch): boolean {
  return branch.nodes.some(
    (node) => !hasPatterns(prover, node) && keyword(node, 'additionalProperties') === false,
  );
}

const propertyNames: KeywordProof = (prover, branch, consumer, place) => {
  if (branch.type !== 'object' || branch.maxSize === 0) return [];
  if (prover.hasSameKeyword(branch, consumer, 'propertyNames')) return [];
  const child = prover.scope.child(consumer, keyword(consumer, 'propertyNames'));
  const fits = (name: string) =>
    prover.evaluator.evaluate(child, name) === 'yes' ||
    schemasOf(prover, branch, name).some((node) => node.schema === false);
  if (isClosed(prover, branch) && mentionedNames(prover.scope, branch).every(fits)) return [];
  const reason = 'a property of another name can occur';
  return prover.refuse(branch, consumer, 'propertyNames', place, reason);
};

const minProperties: KeywordProof = (prover, branch, consumer, place) => {
  const limit = keyword(consumer, 'minProperties');
  if (branch.type !== 'object' || typeof limit !== 'number') return [];
  if (Math.max(branch.minSize, branch.required.size) >= limit) return [];
  const reason = `there can be fewer than ${limit} properties`;
  return prover.refuse(branch, consumer, 'minProperties', place, reason);
};

const maxProperties: KeywordProof = (prover, branch, consumer, place) => {
  const limit = keyword(consumer, 'maxProperties');
  if (branch.type !== 'object' || typeof limit !== 'number') return [];
  const most = isClosed(prover, branch) ? mentionedNames(prover.scope, branch).length : Infinity;
  if (Math.min(branch.maxSize, most) <= limit) return [];
  const reason = `there can be more than ${limit} properties`;
  return prover.refuse(branch, consumer, 'maxProperties', place, reason);
};

const dependentRequired: KeywordProof = (prover, branch, consumer, place) => {
  const map = keyword(consumer, 'dependentRequired');
  if (branch.type !== 'object' || typeof map !== 'object' || map === null) return [];
  const open = Object.entries(map).find(
    ([key, names]) =>
      !schemasOf(prover, branch, key).some((node) => node.schema === false) &&
      !(Array.isArray(names) && names.every((name) => branch.required.has(String(name)))),
  );
  if (open === undefined || prover.hasSameKeyword(branch, consumer, 'dependentRequired')) return [];
  const reason = `${brief(open[0])} can occur without ${brief(open[1])}`;
  return prover.refuse(branch, consumer, 'dependentRequired', place, reason);
};

/** Each proves one keyword of the consumer for one branch of the producer. */
export const objectKeywords: Readonly<Record<string, KeywordProof>> = {
  properties,
  required,
  additionalProperties,
  patternProperties,
  propertyNames,
  minProperties,
  maxProperties,
  dependentRequired,
  dependentSchemas: opaque('dependentSchemas', 'object'),
  dependencies: opaque('dependencies', 'object'),
  unevaluatedProperties: (prover, branch, consumer, place) =>
    branch.type === 'object'
      ? prover.refuse(
          branch,
          consumer,
          'unevaluatedProperties',
          place,
          'unevaluatedProperties is not compared',
        )
      : [],
};
