// An upper bound of the size of a value of a schema, in bytes of canonical CBOR (RFC 8949, 4.2.1).
import type { JsonSchema } from '@basalt/ir';
import { keyword, SchemaScope, type SchemaDefinitions, type SchemaNode } from './schema-node.js';
import { MAX_DEPTH, StepBudget } from './step-budget.js';

/** Longest UTF-8 form of one code point. */
const BYTES_OF_CHARACTER = 4;
const FLOAT = 9;

/**
 * No value that is valid against `schema` takes more bytes; Infinity where there is no bound or none
 * was found. Integers without limits are unbounded, for values hold integers of any size.
 */
export function maxEncodedBytes(schema: JsonSchema, definitions: SchemaDefinitions = {}): number {
  const scope = new SchemaScope(definitions);
  const measure: Measure = { scope, budget: new StepBudget(), open: new Set(), known: new Map() };
  return boundOf(measure, scope.document(schema), 0);
}

interface Measure {
  readonly scope: SchemaScope;
  readonly budget: StepBudget;
  /** Schemas being measured: one that contains itself has no bound. */
  readonly open: Set<number>;
  readonly known: Map<number, number>;
}

function boundOf(measure: Measure, node: SchemaNode, depth: number): number {
  if (node.schema === false) return 0;
  if (node.schema === true || depth > MAX_DEPTH || measure.open.has(node.id)) return Infinity;
  const known = measure.known.get(node.id);
  if (known !== undefined) return known;
  if (!measure.budget.spend()) return Infinity;
  measure.open.add(node.id);
  const bound = Math.min(ownBound(measure, node, depth), combinedBound(measure, node, depth));
  measure.open.delete(node.id);
  // Inside a recursive schema the result may be larger than necessary, never smaller.
  measure.known.set(node.id, bound);
  return bound;
}

/** Every schema that applies bounds the value; the alternatives of one keyword do so together. */
function combinedBound(measure: Measure, node: SchemaNode, depth: number): number {
  const { scope } = measure;
  const target = scope.resolve(node, keyword(node, '$ref'));
  const all = [...scope.children(node, 'allOf'), ...(target ? [target] : [])];
  const bounds = all.map((child) => boundOf(measure, child, depth + 1));
  for (const name of ['anyOf', 'oneOf']) {
    const choices = scope.children(node, name);
    if (choices.length === 0) continue;
    bounds.push(Math.max(...choices.map((child) => boundOf(measure, child, depth + 1))));
  }
  return Math.min(Infinity, ...bounds);
}

function ownBound(measure: Measure, node: SchemaNode, depth: number): number {
  if (Object.hasOwn(node.schema as object, 'const')) return sizeOf(keyword(node, 'const'), 0);
  const list = keyword(node, 'enum');
  if (Array.isArray(list)) return Math.max(0, ...list.map((value) => sizeOf(value, 0)));
  const type = keyword(node, 'type');
  if (type === undefined) return Infinity;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return Math.max(0, ...types.map((t) => typeBound(measure, node, t, depth)));
}

function typeBound(measure: Measure, node: SchemaNode, type: unknown, depth: number): number {
  switch (type) {
    case 'null':
    case 'boolean':
      return 1;
    case 'integer':
      return integerBound(node);
    case 'number':
      return Math.max(FLOAT, integerBound(node));
    case 'string': {
      const length = limit(node, 'maxLength');
      return withHead(length * BYTES_OF_CHARACTER);
    }
    case 'array':
      return arrayBound(measure, node, depth);
    case 'object':
      return objectBound(measure, node, depth);
    default:
      return Infinity;
  }
}

function limit(node: SchemaNode, name: string): number {
  const value = keyword(node, name);
  return typeof value === 'number' ? value : Infinity;
}

/** The head of a CBOR item whose argument is `n`, and for text and bytes the n bytes after it. */
function headOf(n: number): number {
  if (n < 24) return 1;
  if (n < 2 ** 8) return 2;
  if (n < 2 ** 16) return 3;
  if (n < 2 ** 32) return 5;
  return 9;
}

function withHead(bytes: number): number {
  return bytes === Infinity ? Infinity : headOf(bytes) + bytes;
}

function integerBound(node: SchemaNode): number {
  const low = Math.max(-limitBelow(node, 'minimum'), -limitBelow(node, 'exclusiveMinimum'));
  const high = Math.min(limit(node, 'maximum'), limit(node, 'exclusiveMaximum'));
  const least = low === -Infinity ? Infinity : Math.abs(low);
  const most = Math.max(least, Math.abs(high));
  // Past 2^64 an integer is a tagged byte string.
  return most < 2 ** 63 ? headOf(most) : Infinity;
}

/** The negated lower limit, so that an absent one is Infinity. */
function limitBelow(node: SchemaNode, name: string): number {
  const value = keyword(node, name);
  return typeof value === 'number' ? -value : Infinity;
}

function arrayBound(measure: Measure, node: SchemaNode, depth: number): number {
  const prefix = measure.scope.children(node, 'prefixItems');
  const items = keyword(node, 'items');
  const most = Math.min(limit(node, 'maxItems'), items === false ? prefix.length : Infinity);
  if (most === Infinity) return Infinity;
  const first = prefix.slice(0, most).map((child) => boundOf(measure, child, depth + 1));
  const others = Math.max(0, most - prefix.length);
  const rest = others === 0 ? 0 : boundOf(measure, measure.scope.child(node, items), depth + 1);
  return headOf(most) + first.reduce((sum, n) => sum + n, 0) + others * rest;
}

function objectBound(measure: Measure, node: SchemaNode, depth: number): number {
  if (keyword(node, 'additionalProperties') !== false) return Infinity;
  if (measure.scope.childMap(node, 'patternProperties').size > 0) return Infinity;
  const fields = [...measure.scope.childMap(node, 'properties')]
    .filter(([, child]) => child.schema !== false)
    .map(([name, child]) => sizeOf(name, 0) + boundOf(measure, child, depth + 1));
  return headOf(fields.length) + fields.reduce((sum, n) => sum + n, 0);
}

/** The size of a JSON value, exact but for floats that have a shorter form. */
function sizeOf(value: unknown, depth: number): number {
  if (depth > MAX_DEPTH) return Infinity;
  if (typeof value === 'number') {
    const whole = Number.isSafeInteger(value);
    return whole ? headOf(value < 0 ? -1 - value : value) : FLOAT;
  }
  if (typeof value === 'string') return withHead(new TextEncoder().encode(value).length);
  if (typeof value !== 'object' || value === null) return 1;
  const parts = Array.isArray(value) ? value : Object.entries(value).flat();
  const count = Array.isArray(value) ? parts.length : parts.length / 2;
  return parts.reduce((sum: number, part) => sum + sizeOf(part, depth + 1), headOf(count));
}
