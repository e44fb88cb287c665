// Makes small values that a producer can put out, aimed at the limits of a consumer. They are guesses:
// every one is judged by the evaluator before anything is said about it.
import type { Value } from '@basalt/ir';
import { branchesOf, itemSchemas, mentionedNames, propertySchemas, type Branch } from './branch.js';
import type { Evaluator } from './evaluate-schema.js';
import { FORMAT_SAMPLES } from './format-samples.js';
import { matchesPattern } from './pattern-match.js';
import { samplePattern } from './sample-pattern.js';
import { keyword, type SchemaNode } from './schema-node.js';
import type { StepBudget } from './step-budget.js';

const MAX_DEPTH = 6;
const MAX_SAMPLES = 24;
const LONGEST_TEXT = 5000;
const MOST_ITEMS = 200;

export class Sampler {
  private readonly known = new Map<string, readonly Value[]>();

  constructor(
    private readonly evaluator: Evaluator,
    private readonly budget: StepBudget,
  ) {}

  /** Values that may be valid against every node, the simplest first. */
  samples(nodes: readonly SchemaNode[], depth = 0): readonly Value[] {
    const key = nodes.map((node) => node.id).join(',');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH || !this.budget.spend()) return [];
    const found: Value[] = [];
    // A schema that needs itself has no finite value on this way.
    this.known.set(key, []);
    this.fill(nodes, depth, found);
    if (found.length > 0) this.known.set(key, found);
    else this.known.delete(key);
    return found;
  }

  private fill(nodes: readonly SchemaNode[], depth: number, found: Value[]): void {
    for (const branch of branchesOf(this.evaluator, nodes)) {
      for (const value of this.ofBranch(branch, [], depth)) {
        if (this.evaluator.all(nodes, value) === 'yes') found.push(value);
        if (found.length >= MAX_SAMPLES) return;
      }
    }
  }

  /** Values of one branch; `aims` are numbers and lengths of interest. */
  ofBranch(branch: Branch, aims: readonly number[], depth = 0): readonly Value[] {
    if (branch.values !== undefined) return branch.values.slice(0, MAX_SAMPLES);
    switch (branch.type) {
      case 'null':
        return [null];
      case 'boolean':
        return [false, true];
      case 'number':
        return numbers(branch, aims);
      case 'string':
        return strings(branch, aims);
      case 'array':
        return this.arrays(branch, aims, depth);
      case 'object':
        return this.objects(branch, depth);
    }
  }

  /** An array of the branch whose item at `index` is `item`. */
  arrayWith(branch: Branch, index: number, item: Value, depth: number): Value | undefined {
    const length = Math.max(index + 1, branch.minSize);
    if (length > MOST_ITEMS) return undefined;
    const items = this.items(branch, length, depth, index, item);
    return items;
  }

  /** An object of the branch whose property `name` is `value`. */
  objectWith(branch: Branch, name: string, value: Value, depth: number): Value | undefined {
    const more = mentionedNames(this.evaluator.scope, branch);
    const names = fill([...branch.required, name], more, branch.minSize);
    const base = this.object(
      branch,
      names.filter((n) => n !== name),
      depth,
    );
    return base === undefined ? undefined : Object.fromEntries([...base, [name, value]]);
  }

  private arrays(branch: Branch, aims: readonly number[], depth: number): readonly Value[] {
    const lengths = new Set([
      branch.minSize,
      branch.minSize + 1,
      branch.minSize + 2,
      branch.maxSize,
    ]);
    for (const aim of aims)
      lengths
        .add(aim - 1)
        .add(aim)
        .add(aim + 1);
    return [...lengths]
      .filter((n) => Number.isInteger(n) && n >= branch.minSize && n <= branch.maxSize)
      .filter((n) => n >= 0 && n <= MOST_ITEMS)
      .flatMap((n) => {
        const items = this.items(branch, n, depth);
        return items === undefined ? [] : [items];
      });
  }

  private items(
    branch: Branch,
    length: number,
    depth: number,
    fixedAt = -1,
    fixed: Value = null,
  ): readonly Value[] | undefined {
    const items: Value[] = [];
    let last: readonly SchemaNode[] = [];
    let choices: readonly Value[] = [];
    for (let index = 0; index < length; index += 1) {
      if (index === fixedAt) {
        items.push(fixed);
        continue;
      }
      const schemas = itemSchemas(this.evaluator.scope, branch, index);
      if (choices.length === 0 || !sameNodes(schemas, last)) {
        choices = this.samples(schemas, depth + 1);
        last = schemas;
      }
      if (choices.length === 0) return undefined;
      items.push(choices[branch.unique ? index % choices.length : 0]!);
    }
    return items;
  }

  private objects(branch: Branch, depth: number): readonly Value[] {
    const required = [...branch.required];
    const all = mentionedNames(this.evaluator.scope, branch).slice(0, 50);
    const extras = ['other', 'other2', 'other3'];
    const choices = [
      required,
      all,
      [...required, 'other'],
      ...all.filter((n) => !branch.required.has(n)).map((n) => [...required, n]),
      fill(required, [...all, ...extras], branch.minSize),
      [...required, ...extras],
    ];
    return choices.slice(0, 12).flatMap((names) => {
      const object = this.object(branch, names, depth);
      return object === undefined ? [] : [Object.fromEntries(object)];
    });
  }

  private object(
    branch: Branch,
    names: readonly string[],
    depth: number,
  ): readonly (readonly [string, Value])[] | undefined {
    const entries: (readonly [string, Value])[] = [];
    for (const name of new Set(names)) {
      const schemas = propertySchemas(this.evaluator.scope, branch, name, matchesPattern);
      const [value] = this.samples(schemas, depth + 1);
      if (value === undefined) {
        if (branch.required.has(name)) return undefined;
        continue;
      }
      entries.push([name, value]);
    }
    return entries;
  }
}

function sameNodes(a: readonly SchemaNode[], b: readonly SchemaNode[]): boolean {
  return a.length === b.length && a.every((node, i) => node.id === b[i]!.id);
}

function fill(names: readonly string[], more: readonly string[], count: number): readonly string[] {
  const all = new Set(names);
  for (const name of more) {
    if (all.size >= count) break;
    all.add(name);
  }
  return [...all];
}

function numbers(branch: Branch, aims: readonly number[]): readonly number[] {
  const points = [0, 1, -1, 0.5, branch.min.at, branch.max.at, ...aims].filter(Number.isFinite);
  const near = points.flatMap((p) => [p, p + 1, p - 1, p + 0.5, p - 0.5]);
  const multiples = branch.multiples.flatMap((m) =>
    points.flatMap((p) => [
      Math.floor(p / m) * m,
      Math.ceil(p / m) * m,
      (Math.ceil(p / m) + 1) * m,
    ]),
  );
  // Adding zero turns -0, which no JSON text holds, into 0.
  const all = [...multiples, ...near].map((n) => n + 0).filter((n) => within(branch, n));
  return [...new Set(all)].slice(0, 60);
}

function within({ min, max, integer }: Branch, n: number): boolean {
  if (integer && !Number.isInteger(n)) return false;
  if (min.exclusive ? n <= min.at : n < min.at) return false;
  return max.exclusive ? n < max.at : n <= max.at;
}

const TEXTS = ['', 'a', 'b', 'A', '0', '1', 'abc', 'Hello, world', '-', ' '];

function strings(branch: Branch, aims: readonly number[]): readonly string[] {
  const words = (name: string) =>
    branch.nodes.map((node) => keyword(node, name)).filter((w) => typeof w === 'string');
  const lengths = [
    branch.minSize,
    branch.maxSize,
    ...aims.flatMap((aim) => [aim - 1, aim, aim + 1]),
  ];
  const padded = lengths
    .filter((n) => Number.isInteger(n) && n >= 0 && n <= LONGEST_TEXT)
    .flatMap((n) => ['a'.repeat(n), 'b'.repeat(n)]);
  const formats = words('format').flatMap((f) => FORMAT_SAMPLES.get(f) ?? []);
  const patterns = words('pattern').flatMap((p) => samplePattern(p));
  return [...new Set([...formats, ...patterns, ...TEXTS, ...padded])].filter((text) => {
    const length = [...text].length;
    return length >= branch.minSize && length <= branch.maxSize;
  });
}
