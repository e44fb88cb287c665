// Proofs of the keywords of numbers and strings, and of type, enum and const.
import type { Branch } from './branch.js';
import { keyword } from './schema-node.js';
import { brief, type KeywordProof } from './subset-prover.js';
import type { JsonType } from './evaluate-schema.js';

function typeName(branch: Branch): string {
  return branch.type === 'number' && branch.integer ? 'integer' : branch.type;
}

function article(word: string): string {
  return word === 'null' ? 'null' : /^[aeio]/.test(word) ? `an ${word}` : `a ${word}`;
}

const type: KeywordProof = (prover, branch, consumer, place) => {
  const declared = keyword(consumer, 'type');
  const types: readonly unknown[] = Array.isArray(declared) ? declared : [declared];
  if (types.includes(branch.type)) return [];
  if (branch.type === 'number' && branch.integer && types.includes('integer')) return [];
  const reason = `${article(typeName(branch))} can occur where ${types.map((t) => article(String(t))).join(' or ')} is taken`;
  return prover.refuse(branch, consumer, 'type', place, reason);
};

const listed =
  (name: 'enum' | 'const'): KeywordProof =>
  (prover, branch, consumer, place) =>
    prover.refuse(
      branch,
      consumer,
      name,
      place,
      `${article(typeName(branch))} other than ${brief(keyword(consumer, name))} can occur`,
    );

/** A bound: proved when the branch's own bound is at least as tight. */
function bound(
  name: string,
  applies: JsonType,
  holds: (branch: Branch, limit: number) => boolean,
  reason: (limit: number) => string,
): KeywordProof {
  return (prover, branch, consumer, place) => {
    const limit = keyword(consumer, name);
    if (branch.type !== applies || typeof limit !== 'number' || holds(branch, limit)) return [];
    return prover.refuse(branch, consumer, name, place, reason(limit));
  };
}

const multipleOf: KeywordProof = (prover, branch, consumer, place) => {
  const factor = keyword(consumer, 'multipleOf');
  if (branch.type !== 'number' || typeof factor !== 'number') return [];
  const known = [...branch.multiples, ...(branch.integer ? [1] : [])];
  const proved = known.some(
    (own) =>
      own === factor ||
      (Number.isSafeInteger(own) && Number.isSafeInteger(factor) && own % factor === 0),
  );
  if (proved) return [];
  return prover.refuse(
    branch,
    consumer,
    'multipleOf',
    place,
    `it need not be a multiple of ${factor}`,
  );
};

/** An annotation or a pattern: proved only by an equal one on the other side. */
function equalText(name: string, reason: (text: string) => string): KeywordProof {
  return (prover, branch, consumer, place) => {
    const text = keyword(consumer, name);
    if (branch.type !== 'string' || typeof text !== 'string') return [];
    if (branch.nodes.some((node) => keyword(node, name) === text)) return [];
    return prover.refuse(branch, consumer, name, place, reason(text));
  };
}

const minLength = bound(
  'minLength',
  'string',
  (b, limit) => b.minSize >= limit,
  (limit) => `it can be shorter than ${limit} characters`,
);

const maxLength = bound(
  'maxLength',
  'string',
  (b, limit) => b.maxSize <= limit,
  (limit) => `it can be longer than ${limit} characters`,
);

/** Each proves one keyword of the consumer for one branch of the producer. */
export const scalarKeywords: Readonly<Record<string, KeywordProof>> = {
  type,
  enum: listed('enum'),
  const: listed('const'),
  minimum: bound(
    'minimum',
    'number',
    (b, limit) => b.min.at >= limit,
    (limit) => `it can be less than ${limit}`,
  ),
  maximum: bound(
    'maximum',
    'number',
    (b, limit) => b.max.at <= limit,
    (limit) => `it can be greater than ${limit}`,
  ),
  exclusiveMinimum: bound(
    'exclusiveMinimum',
    'number',
    (b, limit) => b.min.at > limit || (b.min.at === limit && b.min.exclusive),
    (limit) => `it can be ${limit} or less`,
  ),
  exclusiveMaximum: bound(
    'exclusiveMaximum',
    'number',
    (b, limit) => b.max.at < limit || (b.max.at === limit && b.max.exclusive),
    (limit) => `it can be ${limit} or greater`,
  ),
  multipleOf,
  minLength,
  maxLength,
  pattern: equalText('pattern', (text) => `it need not match ${brief(text)}`),
  format: equalText('format', (text) => `it need not be of the format ${text}`),
  contentEncoding: equalText('contentEncoding', (text) => `it need not be encoded as ${text}`),
  contentMediaType: equalText('contentMediaType', (text) => `it need not be ${text}`),
};
