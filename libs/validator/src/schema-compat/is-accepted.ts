// Structural compatibility of two schemas: does every value of the producer fit the consumer?
import type { JsonSchema, Value } from '@basalt/ir';
import { Evaluator } from './evaluate-schema.js';
import type { Finding } from './finding.js';
import { SchemaScope, type SchemaDefinitions, type SchemaNode } from './schema-node.js';
import { StepBudget } from './step-budget.js';
import { SubsetProver } from './subset-prover.js';

/**
 * The answer. accepted is proved. rejected comes with a value that the producer certainly allows and
 * the consumer certainly refuses. unproven is everything else: keywords whose comparison is not
 * attempted (differing patterns and formats, `not`, `contains`, unevaluated*), references that lead
 * nowhere, and schemas too large for the budget. Callers report nothing for unproven: a check that
 * cries wolf is switched off.
 */
export type Acceptance =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'rejected';
      /** RFC 6901 pointer into the value; "" for the whole. */
      readonly path: string;
      readonly reason: string;
      readonly counterexample: Value;
    }
  | { readonly kind: 'unproven'; readonly path: string; readonly reason: string };

/** Steps for judging candidates. */
const JUDGE_STEPS = 10_000;

/**
 * Decides whether every value valid against `producer` is valid against `consumer` (draft 2020-12;
 * `format` is compared as an assertion but never the reason of a rejection). References are resolved
 * in the document of each schema and by name in `definitions`. Takes no more steps than `budget` has.
 */
export function isAccepted(
  producer: JsonSchema,
  consumer: JsonSchema,
  definitions: SchemaDefinitions = {},
  budget: StepBudget = new StepBudget(),
): Acceptance {
  const scope = new SchemaScope(definitions);
  const prover = new SubsetProver(scope, budget);
  const from = scope.document(producer);
  const to = scope.document(consumer);
  const findings = prover.prove([from], to, { path: '', level: 0, depth: 0 });
  if (findings.length === 0) return { kind: 'accepted' };
  // Judging candidates has its own budget: a proof that used up the first may still have found one.
  const judging = new StepBudget(JUDGE_STEPS);
  const judge = new Evaluator(scope, judging);
  const answer = refuted(judge, from, to, findings);
  budget.left -= JUDGE_STEPS - judging.left;
  if (answer !== undefined) return answer;
  const { path, reason } = findings[0]!;
  return { kind: 'unproven', path, reason };
}

/** A finding with a candidate that is certainly put out and certainly not taken. */
function refuted(
  judge: Evaluator,
  from: SchemaNode,
  to: SchemaNode,
  findings: readonly Finding[],
): Acceptance | undefined {
  for (const { path, reason, candidates } of findings) {
    for (const value of candidates()) {
      if (judge.evaluate(to, value) !== 'no' || judge.evaluate(from, value) !== 'yes') continue;
      return { kind: 'rejected', path, reason, counterexample: value };
    }
  }
  return undefined;
}
