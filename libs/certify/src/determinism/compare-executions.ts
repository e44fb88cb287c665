// Finds the first place where two executions differ, and which node is to blame for it.
import { valuesEqual, type Value } from '@basalt/ir';
import type { Executed } from './execute-once.js';
import type { ObservedStep } from './observed-steps.js';

/** value: a node gave something else for the same input. order: a node was given something else, though
 * every node before it kept its promise. */
export interface Difference {
  readonly kind: 'value' | 'order';
  /** Empty for the result of the flow. */
  readonly node: string;
  /** Counts the invocations of the node, from 1. */
  readonly invocation: number;
  readonly input: Value | undefined;
  readonly expected: Value | undefined;
  readonly got: Value | undefined;
  /** JSON Pointer of the first value that differs, below `expected`. */
  readonly pointer: string;
}

/** @param exact the nodes that promise equal outputs for equal inputs */
export function compareExecutions(
  before: Executed,
  after: Executed,
  exact: ReadonlySet<string>,
): Difference | undefined {
  const known = byNode(before.steps);
  const strange: Difference[] = [];
  const seen = new Map<string, number>();
  for (const step of after.steps) {
    const { node } = step;
    const invocation = (seen.get(node) ?? 0) + 1;
    seen.set(node, invocation);
    const all = known.get(node) ?? [];
    const same = all.filter(({ inputHash }) => inputHash === step.inputHash);
    if (same.length === 0) {
      const expected = all[invocation - 1]?.input;
      strange.push(difference('order', node, invocation, undefined, expected, step.input));
      continue;
    }
    if (!exact.has(node) || same.some(({ hash }) => hash === step.hash)) continue;
    return ofStep(step, same[0]!, invocation);
  }
  return strange[0] ?? ofResults(before, after);
}

function byNode(steps: readonly ObservedStep[]): ReadonlyMap<string, readonly ObservedStep[]> {
  const found = new Map<string, ObservedStep[]>();
  for (const step of steps) found.set(step.node, [...(found.get(step.node) ?? []), step]);
  return found;
}

function ofStep(step: ObservedStep, expected: ObservedStep, invocation: number): Difference {
  const { node, input } = step;
  const at = step.given.findIndex((value, i) => !same(value, expected.given[i]));
  const index = at >= 0 ? at : step.given.length;
  const [one, other] =
    step.outcome === expected.outcome
      ? [expected.given[index], step.given[index]]
      : [expected.outcome, step.outcome];
  return difference('value', node, invocation, input, one, other);
}

function ofResults(before: Executed, after: Executed): Difference | undefined {
  const ends = [before, after].map(({ result: { status, diagnostics } }): Value => {
    return diagnostics[0] === undefined ? status : `${status} ${diagnostics[0].code}`;
  });
  const [one, other] =
    ends[0] === ends[1] ? [[...before.outputs], [...after.outputs]] : (ends as [Value, Value]);
  if (valuesEqual(one!, other!)) return undefined;
  return difference('order', '', 1, undefined, one, other);
}

function difference(
  kind: Difference['kind'],
  node: string,
  invocation: number,
  input: Value | undefined,
  expected: Value | undefined,
  got: Value | undefined,
): Difference {
  return { kind, node, invocation, input, expected, got, pointer: firstDifference(expected, got) };
}

/** A pointer to the first member that is not the same. */
function firstDifference(a: Value | undefined, b: Value | undefined): string {
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) return '';
  const left = a as { readonly [key: string]: Value };
  const right = b as { readonly [key: string]: Value };
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (same(left[name], right[name])) continue;
    const segment = name.replaceAll('~', '~0').replaceAll('/', '~1');
    return `/${segment}${firstDifference(left[name], right[name])}`;
  }
  return '';
}

function isContainer(value: Value | undefined): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined ? a === b : valuesEqual(a, b);
}
