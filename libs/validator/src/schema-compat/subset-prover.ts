// Proves that every value of a producer is valid for a consumer: the producer is taken apart into
// branches, and each keyword of the consumer is proved for each branch. Recursive schemas are proved by
// induction over the size of the value: a pair that is being proved may be assumed for smaller values.
import type { Value } from '@basalt/ir';
import { branchesOf, type Branch } from './branch.js';
import { arrayKeywords } from './array-keywords.js';
import { combinatorKeywords } from './combinator-keywords.js';
import { Evaluator } from './evaluate-schema.js';
import type { Finding, Place } from './finding.js';
import { jsonEqual } from './json-equal.js';
import { objectKeywords } from './object-keywords.js';
import { Sampler } from './sample-values.js';
import { scalarKeywords } from './scalar-keywords.js';
import { keyword, type SchemaNode, type SchemaScope } from './schema-node.js';
import { MAX_DEPTH, type StepBudget } from './step-budget.js';

/** Proves one keyword of `consumer` for a branch; returns what stands against it. */
export type KeywordProof = (
  prover: SubsetProver,
  branch: Branch,
  consumer: SchemaNode,
  place: Place,
) => readonly Finding[];

const PROOFS: Readonly<Record<string, KeywordProof>> = {
  ...scalarKeywords,
  ...arrayKeywords,
  ...objectKeywords,
  ...combinatorKeywords,
};

const MAX_FINDINGS = 8;
const MAX_CANDIDATES = 3;

export class SubsetProver {
  readonly evaluator: Evaluator;
  readonly sampler: Sampler;
  private readonly running = new Map<string, number>();
  private readonly proved = new Set<string>();
  private readonly trail: string[] = [];

  constructor(
    readonly scope: SchemaScope,
    private readonly budget: StepBudget,
  ) {
    this.evaluator = new Evaluator(scope, budget);
    this.sampler = new Sampler(this.evaluator, budget);
  }

  /** What stands against "valid for every producer node implies valid for the consumer"; empty when
   * it is proved. */
  prove(producer: readonly SchemaNode[], consumer: SchemaNode, place: Place): readonly Finding[] {
    if (consumer.schema === true) return [];
    if (producer.some((node) => node.id === consumer.id)) return [];
    if (place.depth > MAX_DEPTH || !this.budget.spend()) {
      return [undecided(place, 'the schemas are too deep or too large to be compared')];
    }
    return this.once(`${idsOf(producer)}>${consumer.id}`, place, () => {
      const findings: Finding[] = [];
      for (const branch of branchesOf(this.evaluator, producer)) {
        findings.push(...this.proveBranch(branch, consumer, { ...place, depth: place.depth + 1 }));
        if (findings.length >= MAX_FINDINGS) break;
      }
      return findings;
    });
  }

  /** The same for one branch and what a `$ref` of the consumer leads to. */
  proveReference(branch: Branch, target: SchemaNode, place: Place): readonly Finding[] {
    return this.once(`${branch.type} ${idsOf(branch.nodes)}>${target.id}`, place, () =>
      this.proveBranch(branch, target, { ...place, depth: place.depth + 1 }),
    );
  }

  /** Runs a proof unless the pair is proved, or is being proved for a larger value. */
  private once(pair: string, place: Place, run: () => readonly Finding[]): readonly Finding[] {
    if (this.proved.has(pair)) return [];
    const level = this.running.get(pair);
    if (level !== undefined) {
      return level < place.level ? [] : [undecided(place, 'a schema refers to itself')];
    }
    const mark = this.trail.length;
    this.running.set(pair, place.level);
    const findings = run();
    this.running.delete(pair);
    if (findings.length === 0) {
      this.proved.add(pair);
      this.trail.push(pair);
    } else {
      // What was proved meanwhile may have assumed this pair.
      for (const lost of this.trail.splice(mark)) this.proved.delete(lost);
    }
    return findings;
  }

  /** The same for one branch of the producer. */
  proveBranch(branch: Branch, consumer: SchemaNode, place: Place): readonly Finding[] {
    if (consumer.schema === true || branch.nodes.some((n) => n.id === consumer.id)) return [];
    if (place.depth > MAX_DEPTH || !this.budget.spend()) {
      return [undecided(place, 'the schemas are too deep or too large to be compared')];
    }
    if (consumer.schema === false) {
      const candidates = () => this.sampler.ofBranch(branch, []).slice(0, MAX_CANDIDATES);
      return [{ path: place.path, reason: 'nothing is taken here', keyword: 'false', candidates }];
    }
    if (branch.values !== undefined) return this.proveValues(branch, consumer, place);
    return Object.keys(consumer.schema).flatMap((name) => {
      const proof = Object.hasOwn(PROOFS, name) ? PROOFS[name] : undefined;
      return proof === undefined ? [] : proof(this, branch, consumer, place);
    });
  }

  private proveValues(branch: Branch, consumer: SchemaNode, place: Place): readonly Finding[] {
    const verdicts = branch.values!.map((v) => this.evaluator.evaluate(consumer, v));
    if (verdicts.every((verdict) => verdict === 'yes')) return [];
    const refused = branch.values!.filter((_, i) => verdicts[i] === 'no');
    const candidates = () => refused.slice(0, MAX_CANDIDATES);
    const shown = refused[0] === undefined ? undefined : brief(refused[0]);
    const reason =
      shown === undefined ? 'it is not decided for listed values' : `${shown} is not taken`;
    return [{ path: place.path, reason, keyword: 'enum', candidates }];
  }

  /** A finding of one keyword at this place, with values that only this keyword need refuse. */
  refuse(
    branch: Branch,
    consumer: SchemaNode,
    name: string,
    place: Place,
    reason: string,
  ): readonly Finding[] {
    const candidates = () => {
      const found: Value[] = [];
      const guesses = this.sampler.ofBranch(branch, aimsOf(consumer));
      for (const value of [...guesses, ...this.listedIn(consumer)]) {
        if (this.evaluator.keyword(consumer, name, value) !== 'no') continue;
        if (this.evaluator.all(branch.nodes, value) !== 'yes') continue;
        found.push(value);
        if (found.length >= MAX_CANDIDATES) break;
      }
      return found;
    };
    return [{ path: place.path, reason, keyword: name, candidates }];
  }

  /** Values that the consumer names, as what is taken or as what is not. */
  private listedIn(consumer: SchemaNode): readonly Value[] {
    const excluded = this.scope.child(consumer, keyword(consumer, 'not'));
    return [consumer, excluded].flatMap((node) => {
      const list = keyword(node, 'enum');
      const fixed = keyword(node, 'const');
      const named = Array.isArray(list) ? list.slice(0, 20) : [];
      return (fixed === undefined ? named : [...named, fixed]) as Value[];
    });
  }

  /** True when some schema of the branch has an equal keyword in the same document, and so refuses
   * whatever that of the consumer refuses. Only for keywords that depend on no neighbour. */
  hasSameKeyword(branch: Branch, consumer: SchemaNode, name: string): boolean {
    return branch.nodes.some(
      (node) =>
        node.document === consumer.document &&
        node.root === consumer.root &&
        jsonEqual(keyword(node, name), keyword(consumer, name)),
    );
  }
}

/** Numbers in a consumer's schema around which it may change its answer. */
function aimsOf(consumer: SchemaNode): readonly number[] {
  return typeof consumer.schema === 'boolean'
    ? []
    : Object.values(consumer.schema).filter((v): v is number => typeof v === 'number');
}

function idsOf(nodes: readonly SchemaNode[]): string {
  return nodes.map((node) => node.id).join(',');
}

function undecided(place: Place, reason: string): Finding {
  return { path: place.path, reason, keyword: '', candidates: () => [] };
}

/** A value as short JSON. */
export function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
