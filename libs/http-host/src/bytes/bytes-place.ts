// Where a JSON Schema (draft 2020-12) says that text stands for bytes: `contentEncoding: base64`. JSON
// has no bytes, so what comes and goes as JSON carries them as such text.
import type { FlowIR, JsonSchema, SchemaRef } from '@basalt/ir';

type Part = Readonly<Record<string, unknown>>;
/** Schemas that hold together. */
type Case = readonly Part[];

/** A schema with more alternatives than this is not looked into. */
const MAX_CASES = 64;
const ANYTHING: readonly Case[] = Object.freeze([Object.freeze([])]);

/** One place in the values of a schema. What is below it is worked out when a value reaches it, so that
 * schemas may refer to themselves. */
export class BytesPlace {
  /** Whether text here is base64. Not where the schema also takes text of another kind. */
  readonly isBytes: boolean;
  readonly #root: Part;
  readonly #cases: readonly Case[];
  readonly #members = new Map<string, BytesPlace | undefined>();
  readonly #items: (BytesPlace | undefined)[] = [];

  constructor(root: Part, cases: readonly Case[]) {
    this.#root = root;
    this.#cases = cases;
    const texts = cases.filter((parts) => parts.every(takesText));
    this.isBytes = texts.length > 0 && texts.every((parts) => parts.some(isEncoded));
  }

  /** The place of a member of a map. */
  member(name: string): BytesPlace | undefined {
    const isNamed = this.#cases.some((parts) =>
      parts.some(({ properties }) => isPart(properties) && Object.hasOwn(properties, name)),
    );
    // Callers choose the other names, and must not fill the memory with them.
    const slot = isNamed ? `.${name}` : '';
    if (this.#members.has(slot)) return this.#members.get(slot);
    const found = this.#below((part) => memberSchema(part, name));
    this.#members.set(slot, found);
    return found;
  }

  /** The place of an item of a list. */
  item(index: number): BytesPlace | undefined {
    const most = Math.max(0, ...this.#cases.flat().map((part) => prefixOf(part).length));
    const slot = Math.min(index, most);
    if (!(slot in this.#items)) {
      this.#items[slot] = this.#below((part) => prefixOf(part)[slot] ?? part['items']);
    }
    return this.#items[slot];
  }

  /** The place below that the schemas agree on; a case that says nothing of it does not count. */
  #below(schemaIn: (part: Part) => unknown): BytesPlace | undefined {
    const cases: Case[] = [];
    for (const parts of this.#cases) {
      const schemas = parts.map(schemaIn).filter(isPart);
      if (schemas.length === 0) continue;
      const alternatives = schemas.map((schema) => casesOf(this.#root, schema, []));
      cases.push(...alternatives.reduce(together));
    }
    return cases.length === 0 ? undefined : new BytesPlace(this.#root, cases);
  }
}

const known = new WeakMap<object, BytesPlace>();

/** The place of whole values of this schema; undefined where they hold no bytes. */
export function bytesPlaceOf({ schemas = {} }: FlowIR, ref: SchemaRef): BytesPlace | undefined {
  if (ref.kind !== 'named' || !Object.hasOwn(schemas, ref.name)) return undefined;
  const schema: JsonSchema = schemas[ref.name]!;
  if (typeof schema === 'boolean') return undefined;
  const found = known.get(schema);
  if (found !== undefined) return found;
  if (!mentionsBytes(schema)) return undefined;
  const place = new BytesPlace(schema, casesOf(schema, schema, []));
  known.set(schema, place);
  return place;
}

function mentionsBytes(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return isEncoded(schema as Part) || Object.values(schema).some(mentionsBytes);
}

/** The alternatives of a schema, without the words that combine schemas.
 * @param above references that led here */
function casesOf(root: Part, schema: unknown, above: readonly unknown[]): readonly Case[] {
  if (schema === false) return [];
  if (!isPart(schema)) return ANYTHING;
  const { $ref, allOf, anyOf, oneOf } = schema;
  let cases: readonly Case[] = [[schema]];
  if (typeof $ref === 'string') {
    const target = targetOf(root, $ref);
    if (target === undefined || above.includes(target)) return ANYTHING;
    cases = together(cases, casesOf(root, target, [...above, target]));
  }
  for (const part of listOf(allOf)) cases = together(cases, casesOf(root, part, above));
  for (const parts of [anyOf, oneOf]) {
    if (!Array.isArray(parts)) continue;
    cases = together(
      cases,
      parts.flatMap((part) => casesOf(root, part, above)),
    );
  }
  return cases;
}

function together(left: readonly Case[], right: readonly Case[]): readonly Case[] {
  if (left.length * right.length > MAX_CASES) return ANYTHING;
  return left.flatMap((a) => right.map((b) => [...a, ...b]));
}

/** What a reference inside the document names: a JSON pointer, a definition or an `$id`. */
function targetOf(root: Part, ref: string): unknown {
  if (ref === '#') return root;
  const definitions = isPart(root['$defs']) ? root['$defs'] : {};
  if (!ref.startsWith('#/')) {
    if (Object.hasOwn(definitions, ref)) return definitions[ref];
    return Object.values(definitions).find((part) => isPart(part) && part['$id'] === ref);
  }
  const names = ref.slice(2).split('/');
  return names.reduce<unknown>((part, name) => {
    const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof part === 'object' && part !== null && Object.hasOwn(part, key)
      ? (part as Part)[key]
      : undefined;
  }, root);
}

function memberSchema({ properties, additionalProperties }: Part, name: string): unknown {
  if (isPart(properties) && Object.hasOwn(properties, name)) return properties[name];
  return additionalProperties;
}

function takesText({ type, const: only, enum: some }: Part): boolean {
  if (only !== undefined && typeof only !== 'string') return false;
  if (Array.isArray(some) && !some.some((one) => typeof one === 'string')) return false;
  return type === undefined || type === 'string' || listOf(type).includes('string');
}

function isEncoded({ contentEncoding }: Part): boolean {
  return contentEncoding === 'base64';
}

function prefixOf({ prefixItems }: Part): readonly unknown[] {
  return listOf(prefixItems);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
