// One expression of a policy: parsed and type-checked when the policy is read, evaluated many times.
// Nothing in it can run away: its size is limited, loops nest at most twice over short lists, and
// regular expressions, which may backtrack for ever, are not offered.
import { EvaluationError, ParseError, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { MAX_LIST_ITEMS, type PolicyContext } from './cel-environment.js';

/** Longest expression, in characters. */
export const MAX_EXPRESSION_LENGTH = 2_000;
const MAX_NESTED_LOOPS = 2;

export interface CompiledExpression {
  readonly text: string;
  /** Variables that it mentions. */
  readonly variables: ReadonlySet<string>;
  evaluate(context: PolicyContext): ExpressionResult;
}

export type ExpressionResult =
  { readonly ok: true; readonly value: boolean } | { readonly ok: false; readonly reason: string };

export type CompileResult =
  | { readonly ok: true; readonly expression: CompiledExpression }
  | { readonly ok: false; readonly reason: string };

/** Parses and type-checks an expression that has to be a bool. Never throws. */
export function compileExpression(environment: Environment, text: string): CompileResult {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    return { ok: false, reason: `it is longer than ${MAX_EXPRESSION_LENGTH} characters` };
  }
  try {
    const parsed = environment.parse(text);
    const { names, problem } = survey(parsed.ast);
    if (problem !== undefined) return { ok: false, reason: problem };
    const checked = parsed.check();
    if (!checked.valid) return { ok: false, reason: reasonOf(checked.error) };
    if (checked.type !== 'bool' && checked.type !== 'dyn') {
      return { ok: false, reason: `it is of type ${checked.type}, and a bool is needed` };
    }
    const evaluate = (context: PolicyContext) => run(parsed, context);
    return { ok: true, expression: { text, variables: names, evaluate } };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function run(parsed: (context?: object) => unknown, context: PolicyContext): ExpressionResult {
  const long = [context.node, context.edge, context.flow]
    .flatMap((fields) => Object.entries(fields ?? {}))
    .find(([, value]) => Array.isArray(value) && value.length > MAX_LIST_ITEMS);
  if (long !== undefined) {
    return { ok: false, reason: `${long[0]} has more than ${MAX_LIST_ITEMS} items` };
  }
  try {
    const value = parsed(context);
    if (typeof value === 'boolean') return { ok: true, value };
    return { ok: false, reason: 'the result is not a bool' };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ParseError || error instanceof EvaluationError) return error.summary;
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!;
}

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind', 'sortBy']);
const REFUSED = new Set(['matches']);

interface Survey {
  readonly names: ReadonlySet<string>;
  readonly problem: string | undefined;
}

/** Walks the tree, whose depth the parser limits. */
function survey(root: ASTNode): Survey {
  const names = new Set<string>();
  let problem: string | undefined;
  const visit = (value: unknown, loops: number): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, loops);
      return;
    }
    if (!isNode(value)) return;
    let inside = loops;
    if (value.op === 'id') names.add(value.args);
    if (value.op === 'call' || value.op === 'rcall') {
      const [name] = value.args;
      if (LOOPS.has(name)) inside += 1;
      if (REFUSED.has(name)) {
        problem ??= `${name} is not offered; use startsWith, endsWith, contains or ==`;
      }
      if (inside > MAX_NESTED_LOOPS) problem ??= 'its loops are nested more than twice';
    }
    visit(value.args, inside);
  };
  visit(root, 0);
  return { names, problem };
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
