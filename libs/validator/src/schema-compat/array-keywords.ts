// Proofs of the keywords of arrays.
import type { Value } from '@basalt/ir';
import { itemSchemas, prefixLength, type Branch } from './branch.js';
import { below, type Finding, type Place } from './finding.js';
import { keyword, type SchemaNode } from './schema-node.js';
import type { KeywordProof, SubsetProver } from './subset-prover.js';

/** Proves the item at `index` against `consumer`, and lifts candidates into whole arrays. */
function proveItem(
  prover: SubsetProver,
  branch: Branch,
  index: number,
  consumer: SchemaNode,
  place: Place,
): readonly Finding[] {
  if (index >= branch.maxSize) return [];
  const inner = { path: below(place.path, index), level: place.level + 1, depth: place.depth };
  const findings = prover.prove(itemSchemas(prover.scope, branch, index), consumer, inner);
  return findings.map((finding) => ({
    ...finding,
    candidates: () =>
      finding
        .candidates()
        .map((item) => prover.sampler.arrayWith(branch, index, item, 0))
        .filter((v): v is Value => v !== undefined),
  }));
}

const prefixItems: KeywordProof = (prover, branch, consumer, place) => {
  if (branch.type !== 'array') return [];
  return prover.scope
    .children(consumer, 'prefixItems')
    .flatMap((child, index) => proveItem(prover, branch, index, child, place));
};

const items: KeywordProof = (prover, branch, consumer, place) => {
  const schema = keyword(consumer, 'items');
  if (branch.type !== 'array') return [];
  if (Array.isArray(schema)) return prover.refuse(branch, consumer, 'items', place, 'old tuples');
  const child = prover.scope.child(consumer, schema);
  const from = prover.scope.children(consumer, 'prefixItems').length;
  const own = prefixLength(prover.scope, branch);
  const positions = Array.from({ length: Math.max(0, own - from) }, (_, i) => from + i);
  // One more stands for all positions past the tuples of both sides.
  positions.push(Math.max(from, own));
  return positions.flatMap((index) => proveItem(prover, branch, index, child, place));
};

function size(name: string, reason: (limit: number) => string): KeywordProof {
  return (prover, branch, consumer, place) => {
    const limit = keyword(consumer, name);
    if (branch.type !== 'array' || typeof limit !== 'number') return [];
    const proved = name === 'minItems' ? branch.minSize >= limit : branch.maxSize <= limit;
    return proved ? [] : prover.refuse(branch, consumer, name, place, reason(limit));
  };
}

const uniqueItems: KeywordProof = (prover, branch, consumer, place) => {
  if (branch.type !== 'array' || keyword(consumer, 'uniqueItems') !== true) return [];
  if (branch.unique || branch.maxSize <= 1) return [];
  return prover.refuse(branch, consumer, 'uniqueItems', place, 'two items can be equal');
};

/** Not analysed: proved only by the very same keyword. */
export function opaque(name: string, type: Branch['type'] | undefined): KeywordProof {
  return (prover, branch, consumer, place) => {
    if (type !== undefined && branch.type !== type) return [];
    if (prover.hasSameKeyword(branch, consumer, name)) return [];
    return prover.refuse(branch, consumer, name, place, `it need not meet ${name}`);
  };
}

/** Each proves one keyword of the consumer for one branch of the producer. */
export const arrayKeywords: Readonly<Record<string, KeywordProof>> = {
  prefixItems,
  items,
  minItems: size('minItems', (limit) => `there can be fewer than ${limit} items`),
  maxItems: size('maxItems', (limit) => `there can be more than ${limit} items`),
  uniqueItems,
  contains: (prover, branch, consumer, place) =>
    branch.type === 'array'
      ? prover.refuse(branch, consumer, 'contains', place, 'no item need match contains')
      : [],
  unevaluatedItems: (prover, branch, consumer, place) =>
    branch.type === 'array'
      ? prover.refuse(
          branch,
          consumer,
          'unevaluatedItems',
          place,
          'unevaluatedItems is not compared',
        )
      : [],
};
