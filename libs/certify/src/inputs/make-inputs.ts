// The payloads of a certification: made from the schema of the trigger by a seed, or read from a file.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { ExecPlan, NodePlan } from '@basalt/executor';
import { checkValue, hashValue, type Value } from '@basalt/ir';
import fc from 'fast-check';
import { schemaArbitrary } from './schema-arbitrary.js';

/** Values that are made for one that fits. */
const TRIES = 20;

/** Whether a payload is one for the trigger; in words what is wrong where it is not. */
export function payloadProblem(trigger: NodePlan, payload: Value): string | undefined {
  const fault = checkValue(payload);
  if (fault !== undefined) return `${fault.path || 'it'} ${fault.reason}`;
  return trigger.checkInput?.(payload);
}

/** Payloads for a trigger, all different. @throws DiagnosticError CERT102. */
export function makePayloads(
  plan: ExecPlan,
  trigger: NodePlan,
  seed: number,
  count: number,
): readonly Value[] {
  const fail = (reason: string) =>
    new DiagnosticError([diagnostic.CERT102({ flow: plan.ir.name, reason })]);
  const { in_schema: reference } = trigger.ir;
  const schema = reference.kind === 'named' ? plan.ir.schemas?.[reference.name] : undefined;
  if (schema === undefined) throw fail('it declares no schema');
  return samples(schema, seed, count, (value) => payloadProblem(trigger, value), fail);
}

/** A value for a schema, such as that of an event. */
export function makeValue(schema: unknown, seed: number): Value {
  const [value] = samples(
    schema,
    seed,
    1,
    () => undefined,
    (reason) => new Error(reason),
  );
  return value!;
}

function samples(
  schema: unknown,
  seed: number,
  count: number,
  problemOf: (value: Value) => string | undefined,
  fail: (reason: string) => Error,
): readonly Value[] {
  const found = new Map<string, Value>();
  let problem = 'its schema allows no value';
  for (const given of fc.sample(arbitraryOf(schema, fail), { seed, numRuns: count * TRIES })) {
    // Undefined members and the like are none of JSON.
    const value = JSON.parse(JSON.stringify(given ?? null)) as Value;
    const reason = problemOf(value);
    if (reason !== undefined) problem = `what is made from its schema does not match it: ${reason}`;
    else found.set(hashValue(value), value);
    if (found.size === count) break;
  }
  if (found.size === 0) throw fail(problem);
  return [...found.values()];
}

function arbitraryOf(schema: unknown, fail: (reason: string) => Error): fc.Arbitrary<unknown> {
  try {
    return schemaArbitrary(schema);
  } catch (error) {
    throw fail(`its schema cannot be used: ${(error as Error).message}`);
  }
}

/** Reads payloads, one JSON value a line; empty lines are none. @throws DiagnosticError CERT101. */
export function readPayloads(text: string, source: string, trigger: NodePlan): readonly Value[] {
  const payloads: Value[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const fail = (reason: string) =>
      new DiagnosticError([
        diagnostic.CERT101({ line: index + 1, source, reason }, { file: source }),
      ]);
    let payload: Value;
    try {
      payload = JSON.parse(line) as Value;
    } catch (error) {
      throw fail((error as Error).message);
    }
    const problem = payloadProblem(trigger, payload);
    if (problem !== undefined) throw fail(problem);
    payloads.push(payload);
  }
  if (payloads.length > 0) return payloads;
  const params = { line: 1, source, reason: 'the file has no payload' };
  throw new DiagnosticError([diagnostic.CERT101(params, { file: source })]);
}
