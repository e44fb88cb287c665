// The named schemas of flows as components of an OpenAPI document. Each gets a name of its own, and
// references between schemas are rewritten, since `#` means another document there.
import type { FlowIR, JsonSchema, SchemaRef } from '@basalt/ir';

/** Keywords whose content is data, not schema: a `$ref` in it is no reference. */
const DATA: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'example']);
const PREFIX = '#/components/schemas/';

type JsonObject = { readonly [key: string]: unknown };

export class ComponentSchemas {
  readonly #components = new Map<string, unknown>();
  readonly #names = new Map<FlowIR, ReadonlyMap<string, string>>();

  /** The schema of a node as a reference to its component; `true` where the flow does not define it. */
  refTo(flow: FlowIR, ref: SchemaRef): JsonSchema {
    if (ref.kind === 'opaque') return true;
    const name = this.#namesOf(flow).get(ref.name);
    return name === undefined ? true : { $ref: PREFIX + name };
  }

  /** Adds a schema of the host itself and returns the reference to it. */
  add(name: string, schema: JsonSchema): JsonSchema {
    const component = this.#freeName(name);
    this.#components.set(component, schema);
    return { $ref: PREFIX + component };
  }

  /** All components, in the order in which they were added. */
  all(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#components);
  }

  /** Adds all schemas of a flow once: one may refer to any other. */
  #namesOf(flow: FlowIR): ReadonlyMap<string, string> {
    const known = this.#names.get(flow);
    if (known !== undefined) return known;
    const schemas = Object.entries(flow.schemas ?? {});
    const names = new Map<string, string>();
    const byId = new Map<string, string>();
    for (const [name, schema] of schemas) {
      const component = this.#freeName(`${flow.name}.${name}`);
      this.#components.set(component, true);
      names.set(name, component);
      const id = typeof schema === 'object' ? schema['$id'] : undefined;
      if (typeof id === 'string') byId.set(id, component);
    }
    for (const [name, schema] of schemas) {
      const own = names.get(name)!;
      const target = (document: string) =>
        document === '' ? own : (names.get(document) ?? byId.get(document));
      this.#components.set(own, rewritten(withoutId(schema), target));
    }
    this.#names.set(flow, names);
    return names;
  }

  #freeName(wanted: string): string {
    const name = wanted.replace(/[^A-Za-z0-9._-]/g, '_') || '_';
    let free = name;
    for (let n = 2; this.#components.has(free); n += 1) free = `${name}_${n}`;
    return free;
  }
}

function withoutId(schema: JsonSchema): unknown {
  if (typeof schema !== 'object') return schema;
  const { $id: _id, $schema: _schema, ...rest } = schema as JsonObject;
  return rest;
}

/** A copy in which every reference leads to a component.
 * @param target The component of a document; undefined where there is none. */
function rewritten(part: unknown, target: (document: string) => string | undefined): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => rewritten(item, target));
  const entries = Object.entries(part).map(([key, value]: [string, unknown]) => {
    if (key === '$ref' && typeof value === 'string') return [key, movedRef(value, target)];
    return [key, DATA.has(key) ? value : rewritten(value, target)];
  });
  return Object.fromEntries(entries) as unknown;
}

function movedRef(ref: string, target: (document: string) => string | undefined): string {
  const at = ref.indexOf('#');
  const document = at === -1 ? ref : ref.slice(0, at);
  const component = target(document);
  return component === undefined ? ref : PREFIX + component + (at === -1 ? '' : ref.slice(at + 1));
}
