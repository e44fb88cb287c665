// The named schemas of one flow. Equal schemas share one name; names come from `t.Named` or `$id`, else
// from the node that first uses the schema.
import { diagnostic } from '@basalt/diagnostics';
import type { JsonSchema, SchemaRef } from '@basalt/ir';
import type { TSchema } from 'typebox';
import { schemaDocument, type DocumentPlace } from './schema-document.js';
import { isOpaque } from './t.js';

interface Entry {
  readonly document: JsonSchema;
  /** Key-sorted text: equal for equal schemas. */
  readonly text: string;
}

export class SchemaTable {
  readonly #named = new Map<string, Entry>();
  readonly #nameOfText = new Map<string, string>();
  readonly #entries = new Map<TSchema, Entry>();

  /** Takes in the schemas that carry a name, so that unnamed equals find them. */
  name(schema: TSchema | undefined, place: DocumentPlace): void {
    const name = schema === undefined || isOpaque(schema) ? undefined : givenName(schema);
    if (name === undefined) return;
    const entry = this.#entry(schema!, place);
    const known = this.#named.get(name);
    if (known !== undefined && known.text !== entry.text) {
      place.report(diagnostic.AUTH005({ name }, place.location()));
      return;
    }
    this.#add(name, entry);
  }

  /** The reference for a port; `fallback` names a schema that has no name yet. */
  reference(schema: TSchema | undefined, fallback: string, place: DocumentPlace): SchemaRef {
    if (schema === undefined || isOpaque(schema)) return { kind: 'opaque' };
    const given = givenName(schema);
    if (given !== undefined) return { kind: 'named', name: given };
    const entry = this.#entry(schema, place);
    const known = this.#nameOfText.get(entry.text);
    if (known !== undefined) return { kind: 'named', name: known };
    let name = fallback;
    for (let n = 2; this.#named.has(name); n++) name = `${fallback}${n}`;
    this.#add(name, entry);
    return { kind: 'named', name };
  }

  /** The `schemas` of the document, by name in code unit order; undefined when there are none. */
  documents(): Readonly<Record<string, JsonSchema>> | undefined {
    if (this.#named.size === 0) return undefined;
    const names = [...this.#named.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, this.#named.get(name)!.document]));
  }

  #add(name: string, entry: Entry): void {
    this.#named.set(name, entry);
    if (!this.#nameOfText.has(entry.text)) this.#nameOfText.set(entry.text, name);
  }

  #entry(schema: TSchema, place: DocumentPlace): Entry {
    const known = this.#entries.get(schema);
    if (known !== undefined) return known;
    const document = schemaDocument(schema, place);
    const entry = { document, text: JSON.stringify(document, sortedKeys) };
    this.#entries.set(schema, entry);
    return entry;
  }
}

function givenName(schema: TSchema): string | undefined {
  const id = (schema as { readonly $id?: unknown }).$id;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
