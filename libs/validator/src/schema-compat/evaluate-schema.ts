// Decides whether a value is valid against a schema, with three answers: "unknown" where a keyword is
// not covered, is an annotation that some validators assert (`format`), or the budget is used up. A
// counterexample is reported only when this says a definite yes and a definite no.
import type { Value } from '@basalt/ir';
import { jsonEqual } from './json-equal.js';
import { FORMAT_SAMPLES } from './format-samples.js';
import { matchesPattern } from './pattern-match.js';
import { keyword, type SchemaNode, type SchemaScope } from './schema-node.js';
import { MAX_DEPTH, type StepBudget } from './step-budget.js';

export type Verdict = 'yes' | 'no' | 'unknown';

/** The type of a JSON value; integers are numbers. */
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** The JSON type of a value; undefined for bytes and big integers, which JSON does not have. */
export function jsonTypeOf(value: Value): JsonType | undefined {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Uint8Array) return undefined;
  const type = typeof value;
  return type === 'bigint' ? undefined : (type as JsonType);
}

/** All of the verdicts: one no is a no, else one unknown is unknown. */
export function every(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = 'yes';
  for (const verdict of verdicts) {
    if (verdict === 'no') return 'no';
    if (verdict === 'unknown') result = 'unknown';
  }
  return result;
}

function invert(verdict: Verdict): Verdict {
  return verdict === 'yes' ? 'no' : verdict === 'no' ? 'yes' : 'unknown';
}

function definite(holds: boolean | undefined): Verdict {
  return holds === undefined ? 'unknown' : holds ? 'yes' : 'no';
}

type Check = (self: Evaluator, node: SchemaNode, value: Value, depth: number) => Verdict;
type Items = readonly Value[];
type Fields = Readonly<Record<string, Value>>;

export class Evaluator {
  constructor(
    readonly scope: SchemaScope,
    readonly budget: StepBudget,
  ) {}

  evaluate(node: SchemaNode, value: Value, depth = 0): Verdict {
    if (node.schema === true) return 'yes';
    if (node.schema === false) return 'no';
    const required = keyword(node, 'required');
    const cost = Array.isArray(required) ? 1 + required.length : 1;
    if (depth > MAX_DEPTH || !this.budget.spend(cost)) return 'unknown';
    if (jsonTypeOf(value) === undefined) return 'unknown';
    let result: Verdict = 'yes';
    for (const name of Object.keys(node.schema)) {
      const verdict = this.keyword(node, name, value, depth);
      if (verdict === 'no') return 'no';
      if (verdict === 'unknown') result = 'unknown';
    }
    return result;
  }

  /** The verdict of one keyword, with the neighbours that it depends on. */
  keyword(node: SchemaNode, name: string, value: Value, depth = 0): Verdict {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    return check === undefined ? 'yes' : check(this, node, value, depth + 1);
  }

  /** Valid against every one of the nodes. */
  all(nodes: readonly SchemaNode[], value: Value, depth = 0): Verdict {
    return every(nodes.map((node) => this.evaluate(node, value, depth)));
  }
}

function onNumber(
  name: string,
  holds: (value: number, limit: number) => boolean | undefined,
): Check {
  return (_, node, value) => {
    const limit = keyword(node, name);
    if (typeof value !== 'number' || typeof limit !== 'number') return 'yes';
    return definite(holds(value, limit));
  };
}

function onSize(
  name: string,
  size: (value: Value) => number | undefined,
  holds: (size: number, limit: number) => boolean,
): Check {
  return (_, node, value) => {
    const limit = keyword(node, name);
    const measured = size(value);
    if (measured === undefined || typeof limit !== 'number') return 'yes';
    return definite(holds(measured, limit));
  };
}

const textLength = (value: Value) => (typeof value === 'string' ? [...value].length : undefined);
const itemCount = (value: Value) =>
  jsonTypeOf(value) === 'array' ? (value as Items).length : undefined;
const fieldCount = (value: Value) =>
  jsonTypeOf(value) === 'object' ? Object.keys(value as Fields).length : undefined;
const atLeast = (size: number, limit: number) => size >= limit;
const atMost = (size: number, limit: number) => size <= limit;

/** Exact only for integers: the division of floats rounds differently from validator to validator. */
function isMultiple(value: number, factor: number): boolean | undefined {
  if (!Number.isSafeInteger(value) || !Number.isSafeInteger(factor) || factor <= 0)
    return undefined;
  return value % factor === 0;
}

function typeMatches(value: Value, type: unknown): boolean {
  return type === 'integer' ? Number.isInteger(value) : jsonTypeOf(value) === type;
}

const checkType: Check = (_, node, value) => {
  const type = keyword(node, 'type');
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return definite(types.some((t) => typeMatches(value, t)));
};

const checkProperties: Check = (self, node, value, depth) => {
  if (jsonTypeOf(value) !== 'object') return 'yes';
  const children = self.scope.childMap(node, 'properties');
  return every(
    Object.entries(value as Fields).map(([name, field]) => {
      const child = children.get(name);
      return child === undefined ? 'yes' : self.evaluate(child, field, depth);
    }),
  );
};

const checkPatternProperties: Check = (self, node, value, depth) => {
  if (jsonTypeOf(value) !== 'object') return 'yes';
  const verdicts: Verdict[] = [];
  for (const [pattern, child] of self.scope.childMap(node, 'patternProperties')) {
    for (const [name, field] of Object.entries(value as Fields)) {
      const matches = matchesPattern(pattern, name);
      if (matches === false) continue;
      const verdict = self.evaluate(child, field, depth);
      verdicts.push(matches === undefined && verdict === 'no' ? 'unknown' : verdict);
    }
  }
  return every(verdicts);
};

const checkAdditional: Check = (self, node, value, depth) => {
  if (jsonTypeOf(value) !== 'object') return 'yes';
  const listed = self.scope.childMap(node, 'properties');
  const patterns = [...self.scope.childMap(node, 'patternProperties').keys()];
  const child = self.scope.child(node, keyword(node, 'additionalProperties'));
  const verdicts = Object.entries(value as Fields).map(([name, field]): Verdict => {
    if (listed.has(name)) return 'yes';
    const matched = patterns.map((pattern) => matchesPattern(pattern, name));
    if (matched.includes(true)) return 'yes';
    const verdict = self.evaluate(child, field, depth);
    return matched.includes(undefined) && verdict === 'no' ? 'unknown' : verdict;
  });
  return every(verdicts);
};

const checkRequired: Check = (_, node, value) => {
  const required = keyword(node, 'required');
  if (jsonTypeOf(value) !== 'object' || !Array.isArray(required)) return 'yes';
  return definite(required.every((name) => Object.hasOwn(value as Fields, String(name))));
};

const checkDependentRequired: Check = (_, node, value) => {
  if (jsonTypeOf(value) !== 'object') return 'yes';
  const map = keyword(node, 'dependentRequired');
  if (typeof map !== 'object' || map === null) return 'yes';
  const has = (name: unknown) => Object.hasOwn(value as Fields, String(name));
  return definite(
    Object.entries(map).every(([key, names]) => !has(key) || (names as unknown[]).every(has)),
  );
};

const checkNames: Check = (self, node, value, depth) => {
  if (jsonTypeOf(value) !== 'object') return 'yes';
  const child = self.scope.child(node, keyword(node, 'propertyNames'));
  return every(Object.keys(value as Fields).map((name) => self.evaluate(child, name, depth)));
};

const checkPrefix: Check = (self, node, value, depth) => {
  if (jsonTypeOf(value) !== 'array') return 'yes';
  const prefix = self.scope.children(node, 'prefixItems');
  return every(
    (value as Items)
      .slice(0, prefix.length)
      .map((item, index) => self.evaluate(prefix[index]!, item, depth)),
  );
};

const checkItems: Check = (self, node, value, depth) => {
  if (jsonTypeOf(value) !== 'array') return 'yes';
  if (Array.isArray(keyword(node, 'items'))) return 'unknown';
  const child = self.scope.child(node, keyword(node, 'items'));
  const rest = (value as Items).slice(self.scope.children(node, 'prefixItems').length);
  return every(rest.map((item) => self.evaluate(child, item, depth)));
};

const checkUnique: Check = (_, node, value) => {
  if (jsonTypeOf(value) !== 'array' || keyword(node, 'uniqueItems') !== true) return 'yes';
  const items = value as Items;
  if (items.length > 100) return 'unknown';
  return definite(items.every((a, i) => items.slice(0, i).every((b) => !jsonEqual(a, b))));
};

function combine(name: string, decide: (verdicts: readonly Verdict[]) => Verdict): Check {
  return (self, node, value, depth) =>
    decide(self.scope.children(node, name).map((child) => self.evaluate(child, value, depth)));
}

function decideOneOf(verdicts: readonly Verdict[]): Verdict {
  const valid = verdicts.filter((v) => v === 'yes').length;
  if (valid > 1) return 'no';
  return verdicts.includes('unknown') ? 'unknown' : definite(valid === 1);
}

const checkCondition: Check = (self, node, value, depth) => {
  const branch = (name: string) => {
    const schema = keyword(node, name);
    return schema === undefined
      ? 'yes'
      : self.evaluate(self.scope.child(node, schema), value, depth);
  };
  const condition = branch('if');
  if (condition === 'unknown') {
    return branch('then') === 'yes' && branch('else') === 'yes' ? 'yes' : 'unknown';
  }
  return condition === 'yes' ? branch('then') : branch('else');
};

const checkRef: Check = (self, node, value, depth) => {
  const target = self.scope.resolve(node, keyword(node, '$ref'));
  return target === undefined ? 'unknown' : self.evaluate(target, value, depth);
};

const checkFormat: Check = (_, node, value) => {
  if (typeof value !== 'string') return 'yes';
  return FORMAT_SAMPLES.get(String(keyword(node, 'format')))?.includes(value) ? 'yes' : 'unknown';
};

const checkPattern: Check = (_, node, value) =>
  typeof value === 'string'
    ? definite(matchesPattern(String(keyword(node, 'pattern')), value))
    : 'yes';

const undecidedOn =
  (type: JsonType): Check =>
  (_, __, value) =>
    jsonTypeOf(value) === type ? 'unknown' : 'yes';

const CHECKS: Readonly<Record<string, Check>> = {
  type: checkType,
  const: (_, node, value) => definite(jsonEqual(value, keyword(node, 'const'))),
  enum: (_, node, value) => {
    const list = keyword(node, 'enum');
    return definite(Array.isArray(list) && list.some((item) => jsonEqual(value, item)));
  },
  minimum: onNumber('minimum', (value, limit) => value >= limit),
  maximum: onNumber('maximum', (value, limit) => value <= limit),
  exclusiveMinimum: onNumber('exclusiveMinimum', (value, limit) => value > limit),
  exclusiveMaximum: onNumber('exclusiveMaximum', (value, limit) => value < limit),
  multipleOf: onNumber('multipleOf', isMultiple),
  minLength: onSize('minLength', textLength, atLeast),
  maxLength: onSize('maxLength', textLength, atMost),
  pattern: checkPattern,
  format: checkFormat,
  minItems: onSize('minItems', itemCount, atLeast),
  maxItems: onSize('maxItems', itemCount, atMost),
  uniqueItems: checkUnique,
  prefixItems: checkPrefix,
  items: checkItems,
  minProperties: onSize('minProperties', fieldCount, atLeast),
  maxProperties: onSize('maxProperties', fieldCount, atMost),
  required: checkRequired,
  dependentRequired: checkDependentRequired,
  properties: checkProperties,
  patternProperties: checkPatternProperties,
  additionalProperties: checkAdditional,
  propertyNames: checkNames,
  allOf: combine('allOf', every),
  anyOf: combine('anyOf', (verdicts) => invert(every(verdicts.map(invert)))),
  oneOf: combine('oneOf', decideOneOf),
  not: (self, node, value, depth) =>
    invert(self.evaluate(self.scope.child(node, keyword(node, 'not')), value, depth)),
  if: checkCondition,
  $ref: checkRef,
  $dynamicRef: () => 'unknown',
  contains: undecidedOn('array'),
  unevaluatedItems: undecidedOn('array'),
  unevaluatedProperties: undecidedOn('object'),
  dependentSchemas: undecidedOn('object'),
  dependencies: undecidedOn('object'),
};
