// Turns a TypeBox schema into plain JSON Schema (draft 2020-12): own keys only, definitions at the
// root, tuples in the form of the draft, no `$id` that could clash with another document's.
import { diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import { formatPointer, type JsonSchema } from '@basalt/ir';
import type { TSchema } from 'typebox';
import { describe } from './describe.js';

type Path = readonly (string | number)[];
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where a value stands, for findings. */
export interface DocumentPlace {
  /** What it is, such as "output schema". */
  readonly part: string;
  /** Whose it is, such as "node price". */
  readonly owner: string;
  readonly location: () => Location | undefined;
  readonly report: (problem: Diagnostic) => void;
}

/** The JSON Schema of `schema`; a finding for each part that has no JSON form. */
export function schemaDocument(schema: TSchema, place: DocumentPlace): JsonSchema {
  const definitions: { [key: string]: Json } = {};
  const writer = new SchemaWriter(definitions, place);
  const root = writer.write(schema, [], new Map()) as { [key: string]: Json };
  return Object.keys(definitions).length === 0 ? root : { ...root, $defs: definitions };
}

/** The plain JSON of a value, such as a parameter; a finding for each part that has no JSON form. */
export function plainJson(value: unknown, place: DocumentPlace): unknown {
  return new SchemaWriter({}, place).plain(value, []);
}

const UNWRITABLE_TYPES = new Set(['undefined', 'void', 'bigint', 'symbol', 'function', 'promise']);

class SchemaWriter {
  readonly #seen = new Set<object>();

  constructor(
    readonly definitions: { [key: string]: Json },
    readonly place: DocumentPlace,
  ) {}

  /** `names` maps the `$ref`s that are in scope to pointers into the root's `$defs`. */
  write(value: unknown, path: Path, names: ReadonlyMap<string, string>): Json {
    if (value instanceof RegExp) return value.source;
    if (typeof value !== 'object' || value === null) return this.plain(value, path);
    if (this.#seen.has(value)) return this.#refuse('a cycle', path);
    this.#seen.add(value);
    const json = Array.isArray(value)
      ? value.map((item, index) => this.write(item, [...path, index], names))
      : this.#object(value as Record<string, unknown>, path, names);
    this.#seen.delete(value);
    return json;
  }

  plain(value: unknown, path: Path): Json {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (Array.isArray(value)) return value.map((item, index) => this.plain(item, [...path, index]));
    if (typeof value === 'object' && isPlain(value)) {
      if (this.#seen.has(value)) return this.#refuse('a cycle', path);
      this.#seen.add(value);
      const entries = Object.entries(value).filter(([, field]) => field !== undefined);
      const json = Object.fromEntries(
        entries.map(([key, field]) => [key, this.plain(field, [...path, key])]),
      );
      this.#seen.delete(value);
      return json;
    }
    return this.#refuse(typeof value === 'number' ? String(value) : describe(value), path);
  }

  #object(value: Record<string, unknown>, path: Path, outer: ReadonlyMap<string, string>): Json {
    if (!isPlain(value)) return this.#refuse(describe(value), path);
    const inSchema = !isFieldTable(path);
    const type = value['type'];
    if (inSchema && typeof type === 'string' && UNWRITABLE_TYPES.has(type)) {
      return this.#refuse(`the type ${type}`, path);
    }
    const names = inSchema ? this.#define(value, path, outer) : outer;
    const fields: [string, Json][] = [];
    for (const [key, field] of Object.entries(value)) {
      if (field === undefined) continue;
      if (inSchema && (key === '$id' || key === '$defs')) continue;
      const at = [...path, key];
      if (inSchema && key === '$ref') fields.push([key, names.get(String(field)) ?? String(field)]);
      else if (inSchema && DATA_KEYWORDS.has(key)) fields.push([key, this.plain(field, at)]);
      else fields.push([key, this.write(field, at, names)]);
    }
    const json = Object.fromEntries(fields);
    return inSchema && Array.isArray(json['items']) ? tuple(json) : json;
  }

  /** Moves `$defs` to the root, under free names. */
  #define(
    value: Record<string, unknown>,
    path: Path,
    outer: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, string> {
    const own = value['$defs'];
    if (typeof own !== 'object' || own === null) return outer;
    const names = new Map(outer);
    const places = Object.keys(own).map((name) => {
      let free = name;
      for (let n = 2; Object.hasOwn(this.definitions, free); n++) free = `${name}${n}`;
      this.definitions[free] = true;
      names.set(name, `#${formatPointer(['$defs', free])}`);
      return [name, free] as const;
    });
    for (const [name, free] of places) {
      const body = (own as Record<string, unknown>)[name];
      this.definitions[free] = this.write(body, [...path, '$defs', name], names);
    }
    return names;
  }

  #refuse(found: string, path: Path): Json {
    const { part, owner, location, report } = this.place;
    const pointer = JSON.stringify(formatPointer(path));
    report(diagnostic.AUTH006({ part, owner, found, pointer }, location()));
    return null;
  }
}

/** Keywords that hold values, not schemas. */
const DATA_KEYWORDS = new Set(['const', 'default', 'enum', 'examples', 'required']);

/** Keywords whose object is a table from names to schemas. */
const FIELD_TABLES = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);

/** True where the object at `path` is a table of names: `properties` that is itself a keyword. */
function isFieldTable(path: Path): boolean {
  let table = false;
  for (const segment of path) table = !table && FIELD_TABLES.has(String(segment));
  return table;
}

/** True for objects made by a literal, of this realm or another. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** TypeBox writes tuples in the form of draft 7. */
function tuple(json: { [key: string]: Json }): Json {
  const { items, additionalItems, ...rest } = json;
  return { ...rest, prefixItems: items!, items: additionalItems ?? true };
}
