// What a producer can put out, as a list of branches: each is one JSON type with its bounds gathered
// from all schemas that apply. A keyword that does not fit into a branch is dropped, so a branch may
// allow more than the producer does, never less: what is proved of the branch holds for the producer.
import type { Value } from '@basalt/ir';
import { every, jsonTypeOf, type Evaluator, type JsonType } from './evaluate-schema.js';
import { jsonEqual } from './json-equal.js';
import { keyword, type SchemaNode, type SchemaScope } from './schema-node.js';
import { MAX_DEPTH } from './step-budget.js';

/** Values of one type that the producer may put out. */
export interface Branch {
  readonly type: JsonType;
  /** The schemas that apply, with combinators taken apart. */
  readonly nodes: readonly SchemaNode[];
  /** All values, where they are listed. */
  readonly values: readonly Value[] | undefined;
  readonly integer: boolean;
  readonly min: Bound;
  readonly max: Bound;
  readonly multiples: readonly number[];
  /** Length, item count or property count, by type. */
  readonly minSize: number;
  readonly maxSize: number;
  readonly required: ReadonlySet<string>;
  readonly unique: boolean;
}

/** A bound of numbers; infinite where there is none. */
export interface Bound {
  readonly at: number;
  readonly exclusive: boolean;
}

const TYPES: readonly JsonType[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];
const MAX_ALTERNATIVES = 32;

/** The branches of the values that are valid against every node; at most 192. */
export function branchesOf(evaluator: Evaluator, nodes: readonly SchemaNode[]): readonly Branch[] {
  const key = nodes.map((node) => node.id).join(',');
  const known = knownBranches.get(evaluator)?.get(key);
  if (known !== undefined) return known;
  const flats = alternativesOf(evaluator, nodes);
  const branches = flats.flatMap((flat) =>
    TYPES.flatMap((type) => branchOf(evaluator, flat, type) ?? []),
  );
  evaluator.budget.spend(flats.length * TYPES.length);
  const ofEvaluator = knownBranches.get(evaluator) ?? new Map<string, readonly Branch[]>();
  knownBranches.set(evaluator, ofEvaluator.set(key, branches));
  return branches;
}

const knownBranches = new WeakMap<Evaluator, Map<string, readonly Branch[]>>();

function alternativesOf(
  evaluator: Evaluator,
  nodes: readonly SchemaNode[],
): readonly (readonly SchemaNode[])[] {
  return nodes.reduce<readonly (readonly SchemaNode[])[]>(
    (all, node) => cross(all, expand(evaluator, node, new Set(), 0)) ?? all,
    [[]],
  );
}

type Alternatives = readonly (readonly SchemaNode[])[];

/** Every pair; undefined when there would be too many. */
function cross(left: Alternatives, right: Alternatives): Alternatives | undefined {
  if (left.length * right.length > MAX_ALTERNATIVES) return undefined;
  return left.flatMap((a) => right.map((b) => [...a, ...b]));
}

function expand(
  evaluator: Evaluator,
  node: SchemaNode,
  seen: ReadonlySet<number>,
  depth: number,
): Alternatives {
  if (node.schema === true || depth > MAX_DEPTH || seen.has(node.id)) return [[]];
  if (node.schema === false) return [];
  if (!evaluator.budget.spend()) return [[node]];
  const { scope } = evaluator;
  const inside = new Set(seen).add(node.id);
  const open = (child: SchemaNode) => expand(evaluator, child, inside, depth + 1);
  let all: Alternatives = [[node]];
  const target = scope.resolve(node, keyword(node, '$ref'));
  const together = [...(target ? [target] : []), ...scope.children(node, 'allOf')];
  for (const child of together) all = cross(all, open(child)) ?? all;
  for (const name of ['anyOf', 'oneOf']) {
    const choices = scope.children(node, name);
    if (choices.length === 0 || choices.length > MAX_ALTERNATIVES) continue;
    all = cross(all, choices.flatMap(open)) ?? all;
  }
  return all;
}

function branchOf(
  evaluator: Evaluator,
  nodes: readonly SchemaNode[],
  type: JsonType,
): Branch | undefined {
  const integers = nodes.map((node) => admits(node, type));
  if (integers.includes('no')) return undefined;
  const values = listedValues(evaluator, nodes, type);
  const numbers = (name: string) =>
    nodes.map((node) => keyword(node, name)).filter((n): n is number => typeof n === 'number');
  const integer = integers.includes('integer') || numbers('multipleOf').some(Number.isInteger);
  const [least, most] = SIZES[type] ?? ['', ''];
  const branch: Branch = {
    type,
    nodes,
    values,
    integer,
    min: lowest(numbers('minimum'), numbers('exclusiveMinimum'), integer),
    max: highest(numbers('maximum'), numbers('exclusiveMaximum'), integer),
    multiples: numbers('multipleOf'),
    minSize: Math.max(0, ...numbers(least)),
    maxSize: Math.min(Infinity, ...numbers(most), ...tupleLengths(nodes, type)),
    required: new Set(nodes.flatMap((node) => texts(keyword(node, 'required')))),
    unique: nodes.some((node) => keyword(node, 'uniqueItems') === true),
  };
  return isEmpty(branch) ? undefined : branch;
}

const SIZES: Partial<Readonly<Record<JsonType, readonly [string, string]>>> = {
  string: ['minLength', 'maxLength'],
  array: ['minItems', 'maxItems'],
  object: ['minProperties', 'maxProperties'],
};

function texts(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
}

function admits(node: SchemaNode, type: JsonType): 'yes' | 'no' | 'integer' {
  const declared = keyword(node, 'type');
  if (declared === undefined) return 'yes';
  const types: readonly unknown[] = Array.isArray(declared) ? declared : [declared];
  if (types.includes(type)) return 'yes';
  return type === 'number' && types.includes('integer') ? 'integer' : 'no';
}

/** The values of `enum` and `const`, less those that another schema certainly refuses. */
function listedValues(
  evaluator: Evaluator,
  nodes: readonly SchemaNode[],
  type: JsonType,
): readonly Value[] | undefined {
  let listed: readonly Value[] | undefined;
  if (type === 'null') listed = [null];
  if (type === 'boolean') listed = [false, true];
  for (const node of nodes) {
    const list = keyword(node, 'enum');
    const fixed = keyword(node, 'const');
    const own = Array.isArray(list) ? (list as Value[]) : undefined;
    const both = fixed === undefined ? own : [fixed as Value];
    if (both === undefined) continue;
    listed =
      listed === undefined ? both : listed.filter((v) => both.some((other) => jsonEqual(v, other)));
  }
  return listed?.filter(
    (value) =>
      jsonTypeOf(value) === type &&
      every(nodes.map((node) => evaluator.evaluate(node, value))) !== 'no',
  );
}

function lowest(
  inclusive: readonly number[],
  exclusive: readonly number[],
  integer: boolean,
): Bound {
  const soft = Math.max(-Infinity, ...inclusive);
  const hard = Math.max(-Infinity, ...exclusive);
  if (!integer)
    return hard >= soft ? { at: hard, exclusive: true } : { at: soft, exclusive: false };
  return { at: Math.max(Math.ceil(soft), Math.floor(hard) + 1), exclusive: false };
}

function highest(
  inclusive: readonly number[],
  exclusive: readonly number[],
  integer: boolean,
): Bound {
  const soft = Math.min(Infinity, ...inclusive);
  const hard = Math.min(Infinity, ...exclusive);
  if (!integer)
    return hard <= soft ? { at: hard, exclusive: true } : { at: soft, exclusive: false };
  return { at: Math.min(Math.floor(soft), Math.ceil(hard) - 1), exclusive: false };
}

/** Lengths past which `items: false` allows nothing. */
function tupleLengths(nodes: readonly SchemaNode[], type: JsonType): readonly number[] {
  if (type !== 'array') return [];
  return nodes
    .filter((node) => keyword(node, 'items') === false)
    .map((node) => {
      const prefix = keyword(node, 'prefixItems');
      return Array.isArray(prefix) ? prefix.length : 0;
    });
}

function isEmpty(branch: Branch): boolean {
  if (branch.values !== undefined) return branch.values.length === 0;
  if (branch.minSize > branch.maxSize) return true;
  if (branch.type !== 'number') return false;
  const { min, max } = branch;
  if (min.at > max.at) return true;
  return min.at === max.at && Number.isFinite(min.at) && (min.exclusive || max.exclusive);
}

/** The schemas of the property `name`. */
export function propertySchemas(
  scope: SchemaScope,
  branch: Branch,
  name: string,
  patternMatches: (pattern: string, name: string) => boolean | undefined,
): readonly SchemaNode[] {
  return branch.nodes.flatMap((node) => {
    const own = scope.childMap(node, 'properties').get(name);
    const patterns = [...scope.childMap(node, 'patternProperties')];
    const answers = patterns.map(([pattern]) => patternMatches(pattern, name));
    const matched = patterns.filter((_, i) => answers[i] === true).map(([, child]) => child);
    if (own !== undefined) return [own, ...matched];
    if (answers.some((answer) => answer !== false)) return matched;
    const rest = keyword(node, 'additionalProperties');
    return rest === undefined ? [] : [scope.child(node, rest)];
  });
}

/** The schemas of the item at `index`. */
export function itemSchemas(
  scope: SchemaScope,
  branch: Branch,
  index: number,
): readonly SchemaNode[] {
  return branch.nodes.flatMap((node) => {
    const prefix = scope.children(node, 'prefixItems');
    if (index < prefix.length) return [prefix[index]!];
    const rest = keyword(node, 'items');
    return rest === undefined || Array.isArray(rest) ? [] : [scope.child(node, rest)];
  });
}

/** Names that some schema of the branch mentions, in order of mention. */
export function mentionedNames(scope: SchemaScope, branch: Branch): readonly string[] {
  const names = branch.nodes.flatMap((node) => [...scope.childMap(node, 'properties').keys()]);
  return [...new Set([...names, ...branch.required])];
}

/** Number of positions with a schema of their own. */
export function prefixLength(scope: SchemaScope, branch: Branch): number {
  return Math.max(0, ...branch.nodes.map((node) => scope.children(node, 'prefixItems').length));
}
