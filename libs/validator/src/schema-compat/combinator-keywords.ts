// Proofs of the keywords that combine schemas.
import type { Branch } from './branch.js';
import { opaque } from './array-keywords.js';
import { isDisjoint } from './disjoint.js';
import type { Finding, Place } from './finding.js';
import { keyword, type SchemaNode } from './schema-node.js';
import type { KeywordProof, SubsetProver } from './subset-prover.js';

const deeper = (place: Place): Place => ({ ...place, depth: place.depth + 1 });

const allOf: KeywordProof = (prover, branch, consumer, place) =>
  prover.scope
    .children(consumer, 'allOf')
    .flatMap((child) => prover.proveBranch(branch, child, deeper(place)));

const reference: KeywordProof = (prover, branch, consumer, place) => {
  const target = prover.scope.resolve(consumer, keyword(consumer, '$ref'));
  if (target === undefined) {
    const reason = 'its schema refers to one that is not defined';
    return prover.refuse(branch, consumer, '$ref', place, reason);
  }
  return prover.proveReference(branch, target, deeper(place));
};

/** The alternatives' findings, with the candidates that all alternatives refuse. */
function noneFits(
  prover: SubsetProver,
  branch: Branch,
  consumer: SchemaNode,
  name: string,
  place: Place,
  tried: readonly (readonly Finding[])[],
): readonly Finding[] {
  const isTypeClash = (f: Finding) => f.keyword === 'type' && f.path === place.path;
  const near = tried.filter((findings) => !findings.some(isTypeClash));
  const refused = (f: Finding) => () =>
    f.candidates().filter((v) => prover.evaluator.keyword(consumer, name, v) === 'no');
  const reason = 'it need not fit any of the alternatives that are taken';
  const all = tried.flat().map(refused);
  const here = prover.refuse(branch, consumer, name, place, reason).map((f) => ({
    ...f,
    candidates: () => [...f.candidates(), ...all.flatMap((candidates) => candidates())].slice(0, 6),
  }));
  const only = near.length === 1 ? near[0]! : [];
  return [...only.map((f) => ({ ...f, candidates: refused(f) })), ...here];
}

const anyOf: KeywordProof = (prover, branch, consumer, place) => {
  const tried: (readonly Finding[])[] = [];
  for (const child of prover.scope.children(consumer, 'anyOf')) {
    const findings = prover.proveBranch(branch, child, deeper(place));
    if (findings.length === 0) return [];
    tried.push(findings);
  }
  return noneFits(prover, branch, consumer, 'anyOf', place, tried);
};

const oneOf: KeywordProof = (prover, branch, consumer, place) => {
  const children = prover.scope.children(consumer, 'oneOf');
  const tried: (readonly Finding[])[] = [];
  for (const child of children) {
    const findings = prover.proveBranch(branch, child, deeper(place));
    if (findings.length > 0) {
      tried.push(findings);
      continue;
    }
    const others = children.filter((other) => other !== child);
    if (others.every((other) => isDisjoint(prover, branch, other, place.depth))) return [];
    const reason = 'it can fit more than one of the alternatives, of which exactly one may';
    return prover.refuse(branch, consumer, 'oneOf', place, reason);
  }
  return noneFits(prover, branch, consumer, 'oneOf', place, tried);
};

const not: KeywordProof = (prover, branch, consumer, place) => {
  const child = prover.scope.child(consumer, keyword(consumer, 'not'));
  if (isDisjoint(prover, branch, child, place.depth)) return [];
  if (prover.hasSameKeyword(branch, consumer, 'not')) return [];
  return prover.refuse(branch, consumer, 'not', place, 'it can be what must not be');
};

const condition: KeywordProof = (prover, branch, consumer, place) => {
  const both = ['then', 'else'].flatMap((name) => {
    const schema = keyword(consumer, name);
    if (schema === undefined) return [];
    return prover.proveBranch(branch, prover.scope.child(consumer, schema), deeper(place));
  });
  if (both.length === 0) return [];
  return prover.refuse(branch, consumer, 'if', place, 'it need not meet the condition');
};

/** Each proves one keyword of the consumer for one branch of the producer. */
export const combinatorKeywords: Readonly<Record<string, KeywordProof>> = {
  allOf,
  anyOf,
  oneOf,
  not,
  if: condition,
  $ref: reference,
  $dynamicRef: opaque('$dynamicRef', undefined),
};
