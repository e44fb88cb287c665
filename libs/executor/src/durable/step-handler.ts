// Calls a handler through a durable step of the host. What the handler sends is kept until its end and
// sent then, since a step has one result; a failure is a result, too, so that retries are the flow's.
import type { Value } from '@basalt/ir';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import type { NodePlan } from '../plan/exec-plan.js';
import { errorOf } from '../run/failure.js';
import type { Invocation } from '../run/invocation.js';
import { RecordedFailure } from './recorded-answer.js';
import { recordFinding, restoreFinding } from './recorded-finding.js';
import type { DurableStep, InvocationKey, RecordedFinding } from './run-journal.js';

interface Kept {
  readonly emitted: readonly Value[];
  readonly output?: Value;
  readonly failure?: {
    readonly kind: string;
    readonly reason: string;
    readonly finding: RecordedFinding;
  };
}

/** A handler that goes through `step`. */
export function stepHandler(step: DurableStep, plan: NodePlan, key: InvocationKey): NodeHandler {
  return async (input: Value, context: NodeContext) => {
    const { alias, attempt } = context;
    const call = () => callAndKeep(plan.handler!, input, context as Invocation);
    const kept = (await step({ key, alias, attempt }, call)) as unknown as Kept;
    for (const value of kept.emitted) await context.emit(value);
    if (kept.failure === undefined) return kept.output;
    const { kind, reason, finding } = kept.failure;
    const found = restoreFinding(finding);
    throw new RecordedFailure({ kind, reason, diagnostic: found, retriable: true });
  };
}

/** What the handler gives, as one value. */
async function callAndKeep(
  handler: NodeHandler,
  input: Value,
  context: Invocation,
): Promise<Value> {
  const emitted: Value[] = [];
  try {
    const result: unknown = await handler(input, keepingContext(context, emitted));
    if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
      for await (const value of result as AsyncIterable<Value>) emitted.push(value);
      return { emitted };
    }
    return result === undefined ? { emitted } : { emitted, output: result as Value };
  } catch (error) {
    const { kind, reason, diagnostic } = errorOf(error, context);
    return { emitted, failure: { kind, reason, finding: { ...recordFinding(diagnostic) } } };
  }
}

/** The handler's context, whose emit keeps the values. */
function keepingContext(context: Invocation, emitted: Value[]): NodeContext {
  const emit = (value: Value) => void emitted.push(value);
  return new Proxy<NodeContext>(context, {
    get: (target, name) => (name === 'emit' ? emit : Reflect.get(target, name, target)),
  });
}
