// Reads a policy file (YAML, JSON or TOML): checks its shape, compiles its expressions, and places every
// finding in the text. A file with a finding gives no policy: half a policy protects nothing.
import { diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import type { Determinism, Effects, Value } from '@basalt/ir';
import { readSource, type SourcePath as Path } from '@basalt/source-text';
import { SchemaScope } from '../schema-compat/schema-node.js';
import { SubsetProver } from '../schema-compat/subset-prover.js';
import { StepBudget } from '../schema-compat/step-budget.js';
import { compileExpression, type CompiledExpression } from './cel-expression.js';
import { policyEnvironment } from './cel-environment.js';
import { POLICY_SCHEMA } from './policy-schema.js';
import type { AccessList, Policy, PolicyRule } from './policy.js';

/** Largest policy file, in characters. */
export const MAX_POLICY_LENGTH = 1_000_000;

export interface ParsedPolicy {
  /** Undefined when there are findings. */
  readonly policy: Policy | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

interface RawRule {
  readonly name: string;
  readonly when?: string;
  readonly deny: string | true;
  readonly message?: string;
  readonly severity?: 'error' | 'warning';
}

interface RawPolicy {
  readonly capabilities?: Partial<AccessList>;
  readonly egress?: Partial<AccessList>;
  readonly effects?: { readonly max: Effects };
  readonly determinism?: { readonly max: Determinism };
  readonly rules?: readonly RawRule[];
}

/** Reads the text of a policy; `file` names it in findings. Never throws. */
export function parsePolicy(text: string, file: string): ParsedPolicy {
  const fail = (reason: string, at: Location): ParsedPolicy => ({
    policy: undefined,
    diagnostics: [diagnostic.POL105({ reason }, at)],
  });
  if (text.length > MAX_POLICY_LENGTH) {
    return fail(`it is longer than ${MAX_POLICY_LENGTH} characters`, { file });
  }
  const read = readSource(text, file);
  if (read.kind === 'broken') return fail(read.reason, read.at);
  const shape = shapeProblem(read.value);
  if (shape !== undefined) return fail(shape.reason, read.at(shape.path));
  return compile(read.value as unknown as RawPolicy, file, read.at);
}

interface Problem {
  readonly path: Path;
  readonly reason: string;
}

/** What is wrong with the shape: the value, as a constant, is not accepted by the schema. */
function shapeProblem(value: Value): Problem | undefined {
  const schema = new SchemaScope({});
  const prover = new SubsetProver(schema, new StepBudget(5_000_000));
  const verdict = prover.evaluator.evaluate(schema.document(POLICY_SCHEMA), value);
  if (verdict === 'yes') return undefined;
  return explain(prover, POLICY_SCHEMA, value, []) ?? { path: [], reason: 'it has another shape' };
}

type Fields = Readonly<Record<string, unknown>>;

function explain(
  prover: SubsetProver,
  schema: Fields,
  value: Value,
  path: Path,
): Problem | undefined {
  const node = prover.scope.document(schema);
  if (prover.evaluator.evaluate(node, value) === 'yes') return undefined;
  if (Array.isArray(value) && typeof schema['items'] === 'object') {
    const items = schema['items'] as Fields;
    for (const [index, item] of (value as readonly Value[]).entries()) {
      const problem = explain(prover, items, item, [...path, index]);
      if (problem !== undefined) return problem;
    }
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && typeof schema['properties'] === 'object') {
    const children = schema['properties'] as Readonly<Record<string, Fields>>;
    for (const [key, field] of Object.entries(value as Readonly<Record<string, Value>>)) {
      const child = Object.hasOwn(children, key) ? children[key] : undefined;
      if (child === undefined) {
        const known = Object.keys(children).join(', ');
        return {
          path: [...path, key],
          reason: `the key ${key} is not known here (known: ${known})`,
        };
      }
      const problem = explain(prover, child, field, [...path, key]);
      if (problem !== undefined) return problem;
    }
    const missing = ((schema['required'] ?? []) as readonly string[]).find(
      (key) => !Object.hasOwn(value, key),
    );
    if (missing !== undefined) return { path, reason: `the key ${missing} is missing` };
  }
  return { path, reason: `${path.at(-1) ?? 'the file'} must be ${describe(schema)}` };
}

function describe(schema: Fields): string {
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].join(' or ');
  if (Array.isArray(schema['anyOf']))
    return (schema['anyOf'] as Fields[]).map(describe).join(' or ');
  const limits = ['minLength', 'maxLength', 'maxItems']
    .filter((name) => name in schema)
    .map((name) => `${name} ${String(schema[name])}`);
  const type = `a value of type ${String(schema['type'])}`;
  return limits.length === 0 ? type : `${type} (${limits.join(', ')})`;
}

function compile(raw: RawPolicy, file: string, at: (path: Path) => Location): ParsedPolicy {
  const diagnostics: Diagnostic[] = [];
  const environment = policyEnvironment();
  const expression = (rule: RawRule, index: number, key: 'when' | 'deny') => {
    const text = rule[key];
    if (text === undefined || text === true) return undefined;
    const result = compileExpression(environment, text);
    if (result.ok) return result.expression;
    const params = { rule: rule.name, reason: result.reason };
    diagnostics.push(diagnostic.POL104(params, at(['rules', index, key])));
    return undefined;
  };
  const names = new Set<string>();
  const rules = (raw.rules ?? []).map((rule, index): PolicyRule => {
    if (names.has(rule.name)) {
      const reason = `the rule name ${rule.name} is used twice`;
      diagnostics.push(diagnostic.POL105({ reason }, at(['rules', index, 'name'])));
    }
    names.add(rule.name);
    const when = expression(rule, index, 'when');
    const deny = expression(rule, index, 'deny') ?? true;
    return {
      name: rule.name,
      ...(when === undefined ? {} : { when }),
      deny,
      ...(rule.message === undefined ? {} : { message: rule.message }),
      severity: rule.severity ?? 'error',
      about: subjectOf(when, deny),
    };
  });
  if (diagnostics.length > 0) return { policy: undefined, diagnostics };
  const policy: Policy = {
    file,
    capabilities: { deny: [], ...raw.capabilities },
    egress: { deny: [], ...raw.egress },
    ...(raw.effects === undefined ? {} : { maxEffects: raw.effects.max }),
    ...(raw.determinism === undefined ? {} : { maxDeterminism: raw.determinism.max }),
    rules,
  };
  return { policy, diagnostics };
}

/** A rule that mentions an edge is asked for each edge (its `node` is the target), one that mentions a
 * node for each node, any other once for the flow. */
function subjectOf(
  when: CompiledExpression | undefined,
  deny: CompiledExpression | true,
): PolicyRule['about'] {
  const names = new Set([...(when?.variables ?? []), ...(deny === true ? [] : deny.variables)]);
  if (names.has('edge')) return 'edge';
  return names.has('node') ? 'node' : 'flow';
}
