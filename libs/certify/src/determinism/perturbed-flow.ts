// A flow whose handlers are begun at other times, and whose nodes that promise nothing give what they
// gave before: what then differs is the fault of a node that promises, or of an order.
import { seededRng } from '@basalt/capabilities';
import type { FlowBundle, NodeHandler } from '@basalt/executor';
import { hashValue, type FlowIR, type NodeIR, type Value } from '@basalt/ir';
import type { ObservedStep } from './observed-steps.js';

const MOST_DELAY_MS = 40;
const EXACT: ReadonlySet<string> = new Set(['strict', 'stable']);

/** Aliases of the nodes that promise equal outputs for equal inputs, those of subflows too. */
export function exactNodes(flow: FlowIR): ReadonlySet<string> {
  return new Set(
    nodesOf(flow).flatMap(({ alias, determinism, effects }) =>
      EXACT.has(determinism) && effects !== 'effectful' ? [alias] : [],
    ),
  );
}

function nodesOf({ nodes, subflows = {} }: FlowIR): readonly NodeIR[] {
  return [...nodes, ...Object.values(subflows).flatMap((flow) => nodesOf(flow as FlowIR))];
}

export interface Perturbation {
  /** Undefined: handlers are begun at once. */
  readonly timingSeed: string | undefined;
  /** Of an execution before, with which nodes that promise nothing are answered. */
  readonly answers: readonly ObservedStep[];
}

/** @param answered counts what was answered */
export function perturbedFlow(
  { ir, handlers }: FlowBundle,
  { timingSeed, answers }: Perturbation,
  answered: () => void,
): FlowBundle {
  const exact = exactNodes(ir);
  const rng = timingSeed === undefined ? undefined : seededRng(timingSeed);
  const left = new Map<string, ObservedStep[]>();
  for (const step of answers) {
    if (exact.has(step.node) || step.outcome !== 'ok') continue;
    const name = `${step.node} ${step.inputHash}`;
    left.set(name, [...(left.get(name) ?? []), step]);
  }
  const perturbed = [...handlers].map(([identifier, handler]): [string, NodeHandler] => [
    identifier,
    (input: Value, context) => {
      const known = exact.has(context.alias)
        ? undefined
        : left.get(`${context.alias} ${hashValue(input)}`)?.shift();
      const call = () => {
        if (known === undefined) return handler(input, context);
        answered();
        return known.given.length === 1 && known.returned ? known.given[0] : replayed(known);
      };
      if (rng === undefined) return call();
      const ms = rng.int(MOST_DELAY_MS);
      return ms === 0 ? call() : context.clock.sleep(ms, context.signal).then(call);
    },
  ]);
  return { ir, handlers: new Map(perturbed) };
}

/** Only an async generator is a stream to the executor; it sends each value again. */
async function* replayed({ given }: ObservedStep): AsyncGenerator<Value> {
  yield* given;
}
