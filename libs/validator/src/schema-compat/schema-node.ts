// A schema in its document: what `$ref` means depends on where it stands, so a proof works on nodes
// that know their document, and compares them by number.
import type { JsonSchema } from '@basalt/ir';

/** A (sub)schema with the documents that its references are resolved in. */
export interface SchemaNode {
  /** Equal for the same schema object in the same document. */
  readonly id: number;
  readonly schema: JsonSchema;
  /** The nearest enclosing schema with `$id`, which "#/..." points into; else the whole document. */
  readonly root: JsonSchema;
  /** The whole document. */
  readonly document: JsonSchema;
}

/** The named schemas of a flow. */
export type SchemaDefinitions = Readonly<Record<string, JsonSchema>>;

/** The own value of a keyword; undefined for boolean schemas. */
export function keyword(node: SchemaNode, name: string): unknown {
  const { schema } = node;
  return typeof schema === 'object' && Object.hasOwn(schema, name) ? schema[name] : undefined;
}

/** True for what may stand where a schema is expected. */
export function isSchema(value: unknown): value is JsonSchema {
  return (
    typeof value === 'boolean' ||
    (typeof value === 'object' && value !== null && !Array.isArray(value))
  );
}

/** Makes nodes and resolves references. Not shared between proofs. */
export class SchemaScope {
  private readonly ids = new Map<unknown, Map<unknown, SchemaNode>>();
  private readonly maps = new Map<string, ReadonlyMap<string, SchemaNode>>();
  private readonly lists = new Map<string, readonly SchemaNode[]>();
  private count = 0;

  constructor(private readonly definitions: SchemaDefinitions) {}

  /** The node of a document's root. */
  document(schema: JsonSchema): SchemaNode {
    return this.intern(schema, schema, schema);
  }

  /** The node of a schema that stands inside `parent`; anything that is no schema counts as true. */
  child(parent: SchemaNode, schema: unknown): SchemaNode {
    if (!isSchema(schema)) return this.document(true);
    const embedded = typeof schema === 'object' && typeof schema['$id'] === 'string';
    return this.intern(schema, embedded ? schema : parent.root, parent.document);
  }

  /** The children of an array-valued keyword. */
  children(parent: SchemaNode, name: string): readonly SchemaNode[] {
    const key = `${parent.id} ${name}`;
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const list = keyword(parent, name);
    const made = Array.isArray(list) ? list.map((schema) => this.child(parent, schema)) : [];
    this.lists.set(key, made);
    return made;
  }

  /** The children of an object-valued keyword, by key. */
  childMap(parent: SchemaNode, name: string): ReadonlyMap<string, SchemaNode> {
    const key = `${parent.id} ${name}`;
    const known = this.maps.get(key);
    if (known !== undefined) return known;
    const map = keyword(parent, name);
    const entries = typeof map === 'object' && map !== null && !Array.isArray(map) ? map : {};
    const made = new Map(Object.entries(entries).map(([k, s]) => [k, this.child(parent, s)]));
    this.maps.set(key, made);
    return made;
  }

  /** The schema of that name in the definitions. */
  named(name: string): SchemaNode | undefined {
    const schema = Object.hasOwn(this.definitions, name) ? this.definitions[name] : undefined;
    return isSchema(schema) ? this.document(schema) : undefined;
  }

  /** What a `$ref` of this node names: "#", "#/pointer", a name of the definitions, "name#/pointer", or the `$id` of
   * an entry of the document's `$defs`. Undefined for everything else. */
  resolve(node: SchemaNode, ref: unknown): SchemaNode | undefined {
    if (typeof ref !== 'string') return undefined;
    if (ref === '#') return this.intern(node.root, node.root, node.document);
    if (ref.startsWith('#/')) return this.pointed(node, ref.slice(2)) ?? this.byDefinition(ref);
    const inner = this.childMap(this.document(node.document), '$defs').get(ref);
    if (inner !== undefined && keyword(inner, '$id') === ref) return inner;
    const hash = ref.indexOf('#/');
    const owner = this.named(ref) ?? this.named(ref.slice(0, Math.max(0, hash)));
    if (owner === undefined || hash < 0 || Object.hasOwn(this.definitions, ref)) return owner;
    return this.pointed(owner, ref.slice(hash + 2));
  }

  private pointed(node: SchemaNode, pointer: string): SchemaNode | undefined {
    let at: unknown = node.root;
    let owner: SchemaNode = node;
    for (const raw of pointer.split('/')) {
      const key = decode(raw).replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
      at = (at as Readonly<Record<string, unknown>>)[key];
      if (isSchema(at)) owner = this.child({ ...owner, root: node.root }, at);
    }
    return isSchema(at) ? owner : undefined;
  }

  /** "#/$defs/Name" of a schema that was cut out of a document that held all definitions. */
  private byDefinition(ref: string): SchemaNode | undefined {
    const name = /^#\/(?:\$defs|definitions|schemas)\/([^/]+)$/.exec(ref)?.[1];
    return name === undefined ? undefined : this.named(decode(name));
  }

  private intern(schema: JsonSchema, root: JsonSchema, document: JsonSchema): SchemaNode {
    const isWord = typeof schema === 'boolean';
    const outer = this.ids.get(schema) ?? new Map<unknown, SchemaNode>();
    this.ids.set(schema, outer);
    const known = outer.get(isWord ? schema : root);
    if (known !== undefined) return known;
    const node: SchemaNode = { id: (this.count += 1), schema, root, document };
    outer.set(isWord ? schema : root, node);
    return node;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
