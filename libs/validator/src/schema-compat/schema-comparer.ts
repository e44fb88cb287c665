// Compares schemas for one flow: remembers answers, and shares one budget among all comparisons, so that
// a flow full of hostile schemas is checked in bounded time.
import type { FlowIR, JsonSchema, SchemaRef } from '@basalt/ir';
import { isAccepted, type Acceptance } from './is-accepted.js';
import { isSchema, type SchemaDefinitions } from './schema-node.js';
import { DEFAULT_STEPS, StepBudget } from './step-budget.js';

/** Steps that the comparisons of one flow may take together: some seconds at the worst. */
const FLOW_STEPS = 500_000;

/** A schema with a name that is the same for equal schemas of a flow. */
export interface NamedSchema {
  readonly key: string;
  readonly schema: JsonSchema;
}

export class SchemaComparer {
  readonly definitions: SchemaDefinitions;
  private readonly answers = new Map<string, Acceptance>();
  private left = FLOW_STEPS;

  constructor(flow: FlowIR) {
    this.definitions = flow.schemas ?? {};
  }

  /** The schema that a reference names; undefined for opaque and for names without a definition. */
  lookup(ref: SchemaRef): NamedSchema | undefined {
    if (ref.kind !== 'named' || !Object.hasOwn(this.definitions, ref.name)) return undefined;
    const schema = this.definitions[ref.name];
    return isSchema(schema) ? { key: `n:${ref.name}`, schema } : undefined;
  }

  compare(producer: NamedSchema, consumer: NamedSchema): Acceptance {
    if (producer.key === consumer.key) return { kind: 'accepted' };
    const key = JSON.stringify([producer.key, consumer.key]);
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const steps = Math.min(DEFAULT_STEPS, this.left);
    const budget = new StepBudget(steps);
    const answer = isAccepted(producer.schema, consumer.schema, this.definitions, budget);
    this.left = Math.max(0, this.left - (steps - budget.left));
    this.answers.set(key, answer);
    return answer;
  }
}
