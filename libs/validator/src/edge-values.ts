// What an edge brings into its target: the output of its source, or what a surface makes of it.
import type { JsonSchema } from '@basalt/ir';
import { awaitEnds } from './edge-gates.js';
import type { EdgeGate, FlowIndex, IndexedEdge, IndexedSurface } from './flow-index.js';
import { pointerSchema } from './schema-compat/pointer-schema.js';
import type { NamedSchema, SchemaComparer } from './schema-compat/schema-comparer.js';
import { keyword, SchemaScope, type SchemaNode } from './schema-compat/schema-node.js';

/** What is known of the value that an edge brings. plain: the output of the source, as it is. */
export type EdgeValue =
  | {
      readonly kind: 'plain' | 'made';
      readonly schema: NamedSchema | undefined;
      /** Id of the surface that made it. */
      readonly through?: string;
    }
  | { readonly kind: 'unknown' };

const UNKNOWN: EdgeValue = { kind: 'unknown' };

type Maker = (edge: IndexedEdge) => EdgeValue;

/**
 * Says for each edge what it brings. Where a join, zip or window stands before a target, its edges bring
 * what that surface makes, told once, at its first edge; where two surfaces stand before one target, or
 * messages come in batches, nothing is said. Linear in the surfaces.
 */
export function edgeValues(index: FlowIndex, comparer: SchemaComparer): Maker {
  const byTarget = new Map<string, Maker>();
  const byEdge = new Map<IndexedEdge, Maker>();
  const put = (target: string | undefined | null, maker: Maker) => {
    if (target) byTarget.set(target, byTarget.has(target) ? () => UNKNOWN : maker);
  };
  const putEdge = (from: string | undefined, to: string | undefined, maker: Maker) => {
    const edge = from === undefined || to === undefined ? undefined : index.edge(from, to);
    if (edge !== undefined) byEdge.set(edge, byEdge.has(edge) ? () => UNKNOWN : maker);
  };
  joins(index, comparer, put);
  windows(index, comparer, put, putEdge);
  forEach(index, comparer, putEdge);
  handlers(index, comparer, putEdge);
  return (edge) => {
    if ((edge.to?.node.concurrency?.batch ?? 0) > 0)
      return batched(edge, comparer, byTarget, byEdge);
    const maker = byEdge.get(edge) ?? byTarget.get(edge.edge.to);
    return maker === undefined ? plain(edge, comparer) : maker(edge);
  };
}

/** The output of the source; behind an if, switch or loop, only what that sends along this edge. */
function plain(edge: IndexedEdge, comparer: SchemaComparer): EdgeValue {
  const schema = comparer.lookup(edge.from!.node.out_schema);
  const selected = schema && edge.gate && selection(edge.gate);
  if (selected === undefined) return { kind: 'plain', schema };
  const through = edge.gate!.surface.surface.id;
  const { key } = made(`${schema!.key} where ${JSON.stringify(selected)}`, true, through).schema!;
  return { kind: 'plain', schema: { key, schema: { allOf: [refTo(schema), selected] } }, through };
}

/** The schema of the values that a gate lets pass; undefined where that is every value. */
function selection({ surface, branches }: EdgeGate): JsonSchema | undefined {
  if (surface.config === undefined) return undefined;
  switch (surface.kind) {
    case 'if':
    case 'loop': {
      const yes = branches.some((branch) => branch === 'then' || branch === 'repeat');
      const all = branches.length > 1 || (surface.kind === 'loop' && !yes && exhausts(surface));
      return all ? undefined : pointerSchema(surface.config.selector_pointer, { const: yes });
    }
    case 'switch': {
      const { cases, selector_pointer } = surface.config;
      const own = branches.filter((b) => b.startsWith('case ')).map((b) => b.slice(5));
      if (!branches.includes('default')) return pointerSchema(selector_pointer, { enum: own });
      const others = Object.keys(cases).filter((value) => !own.includes(value));
      const elsewhere = pointerSchema(selector_pointer, { enum: others });
      return elsewhere === undefined ? undefined : { not: elsewhere };
    }
    default:
      return undefined;
  }
}

function exhausts(surface: IndexedSurface<'loop'>): boolean {
  return surface.config?.on_exhausted === 'exit';
}

/** A node with a batch size gets a list of messages. */
function batched(
  edge: IndexedEdge,
  comparer: SchemaComparer,
  byTarget: ReadonlyMap<string, Maker>,
  byEdge: ReadonlyMap<IndexedEdge, Maker>,
): EdgeValue {
  if (byTarget.has(edge.edge.to) || byEdge.has(edge)) return UNKNOWN;
  const item = comparer.lookup(edge.from!.node.out_schema);
  const most = edge.to!.node.concurrency!.batch!;
  const schema = { type: 'array', items: refTo(item), minItems: 1, maxItems: most };
  return made(`batch ${most} of ${item?.key ?? ''}`, schema, undefined);
}

function made(
  key: string,
  schema: JsonSchema,
  through: string | undefined,
): Exclude<EdgeValue, { kind: 'unknown' }> {
  const named = { key: `m:${key}`, schema };
  return { kind: 'made', schema: named, ...(through === undefined ? {} : { through }) };
}

/** A definition as part of a larger schema; anything where there is none. */
function refTo(named: NamedSchema | undefined): JsonSchema {
  const name = named?.key.slice(2) ?? '#';
  return name.startsWith('#') ? true : { $ref: name };
}

function outOf(index: FlowIndex, comparer: SchemaComparer, alias: string): JsonSchema {
  const node = index.node(alias);
  return refTo(node && comparer.lookup(node.node.out_schema));
}

function object(entries: readonly (readonly [string, JsonSchema])[], needed: readonly string[]) {
  return {
    type: 'object',
    properties: Object.fromEntries(entries),
    required: needed,
    additionalProperties: false,
  };
}

/** Tells of a target once, at the edge from the first source. */
function once(first: string | undefined, value: EdgeValue): Maker {
  return (edge) => (edge.edge.from === first ? value : UNKNOWN);
}

function joins(
  index: FlowIndex,
  comparer: SchemaComparer,
  put: (target: string, maker: Maker) => void,
): void {
  for (const kind of ['join', 'zip'] as const) {
    for (const { config, surface } of index.surfacesOf(kind)) {
      if (config === undefined) continue;
      const entries = config.sources.map((s) => [s, outOf(index, comparer, s)] as const);
      const all = !('mode' in config) || config.mode === 'all';
      const schema = object(entries, all ? config.sources : []);
      // `available` may fire with any of them, which this schema cannot tell from none.
      if (!all) Object.assign(schema, { minProperties: 1 });
      const value = made(`${kind} ${surface.id} ${config.target}`, schema, surface.id);
      put(config.target, once(config.sources[0], value));
    }
  }
}

function windows(
  index: FlowIndex,
  comparer: SchemaComparer,
  put: (target: string | undefined, maker: Maker) => void,
  putEdge: (from: string | undefined, to: string | undefined, maker: Maker) => void,
): void {
  for (const { config, surface } of index.surfacesOf('window')) {
    const target = config?.target ?? surface.targets[0];
    if (config === undefined || target === undefined) continue;
    const sources = index.node(target)?.incoming ?? [];
    const single = sources.length === 1 ? sources[0] : undefined;
    const item = single?.from && comparer.lookup(single.from.node.out_schema);
    const time: JsonSchema = { type: 'number' };
    const schema = object(
      [
        ['key', true],
        ['start_ms', time],
        ['end_ms', time],
        ['items', { type: 'array', items: refTo(item), minItems: 1 }],
      ],
      ['key', 'start_ms', 'end_ms', 'items'],
    );
    const value = made(`window ${surface.id} ${target}`, schema, surface.id);
    put(target, once(sources[0]?.edge.from, value));
    // A late item is the item itself, as it came to the target.
    const late: EdgeValue = { kind: 'made', schema: item, through: surface.id };
    if (config.late) putEdge(target, config.late, () => late);
  }
}

function forEach(
  index: FlowIndex,
  comparer: SchemaComparer,
  putEdge: (from: string, to: string, maker: Maker) => void,
): void {
  for (const { config, surface } of index.surfacesOf('for_each')) {
    if (config === undefined) continue;
    const list = comparer.lookup(index.node(config.source)?.node.out_schema ?? { kind: 'opaque' });
    const item = list && itemSchema(comparer, list, config.items_pointer);
    const value: EdgeValue = item
      ? made(`item ${list.key} ${config.items_pointer}`, item, surface.id)
      : UNKNOWN;
    putEdge(config.source, config.body_entry, () => value);
    if (!config.body_exit || !config.collect) continue;
    const schema = { type: 'array', items: outOf(index, comparer, config.body_exit) };
    const collected = made(`collect ${surface.id} ${config.body_exit}`, schema, surface.id);
    putEdge(config.body_exit, config.collect, () => collected);
  }
}

/** The schema of the items at a pointer, where each step is a plain property or a reference. */
function itemSchema(
  comparer: SchemaComparer,
  list: NamedSchema,
  pointer: string,
): JsonSchema | undefined {
  const scope = new SchemaScope(comparer.definitions);
  let at = followRefs(scope, { name: list.key.slice(2), pointer: '' });
  for (const key of pointer.split('/').slice(1, 33)) {
    at = at && followRefs(scope, { ...at, pointer: `${at.pointer}/properties/${key}` });
  }
  const node = at && nodeAt(scope, at);
  if (at === undefined || node === undefined || keyword(node, 'prefixItems') !== undefined) {
    return undefined;
  }
  return keyword(node, 'items') === undefined
    ? undefined
    : { $ref: `${at.name}#${at.pointer}/items` };
}

/** A place in a named schema, so that references found there keep their meaning. */
interface SchemaPlace {
  readonly name: string;
  readonly pointer: string;
}

function nodeAt(scope: SchemaScope, { name, pointer }: SchemaPlace): SchemaNode | undefined {
  if (name.startsWith('#')) return undefined;
  const ref = pointer === '' ? name : `${name}#${pointer}`;
  return scope.resolve(scope.document(true), ref);
}

function followRefs(scope: SchemaScope, start: SchemaPlace): SchemaPlace | undefined {
  let at = start;
  for (let hops = 0; hops < 16; hops += 1) {
    const node = nodeAt(scope, at);
    const ref = node && keyword(node, '$ref');
    if (node === undefined || ref === undefined) return node && at;
    if (typeof ref !== 'string') return undefined;
    if (ref === '#' || ref.startsWith('#/')) at = { ...at, pointer: ref.slice(1) };
    else at = { name: ref, pointer: '' };
  }
  return undefined;
}

const ERROR: JsonSchema = true;

/** Handlers get {error, input}; who waits for an event gets {event, input}, or {input} when none came. */
function handlers(
  index: FlowIndex,
  comparer: SchemaComparer,
  putEdge: (from: string | undefined, to: string | undefined, maker: Maker) => void,
): void {
  const failed = (from: string, handler: string, id: string) => {
    const node = index.node(from);
    const input = refTo(node && comparer.lookup(node.node.in_schema));
    const schema = object(
      [
        ['error', ERROR],
        ['input', input],
      ],
      ['error', 'input'],
    );
    const value = made(`error ${from}`, schema, id);
    putEdge(from, handler, () => value);
  };
  for (const { config, surface } of index.surfacesOf('error_handler')) {
    for (const from of new Set(config?.scope.nodes)) {
      if (config?.handler) failed(from, config.handler, surface.id);
    }
  }
  for (const { config, surface } of index.surfacesOf('timeout')) {
    for (const from of new Set(config?.nodes)) {
      if (config?.handler) failed(from, config.handler, surface.id);
    }
  }
  for (const indexed of index.surfacesOf('await')) {
    const { config, surface } = indexed;
    const { source, target } = awaitEnds(indexed);
    if (config === undefined || source === undefined) continue;
    const input = outOf(index, comparer, source);
    const event = asSchema(config.event_schema);
    const both = object(
      [
        ['event', event],
        ['input', input],
      ],
      ['event', 'input'],
    );
    const value = made(`await ${surface.id}`, both, surface.id);
    putEdge(source, target, () => value);
    const late = made(
      `await ${surface.id} timeout`,
      object([['input', input]], ['input']),
      surface.id,
    );
    putEdge(source, config.on_timeout ?? undefined, () => late);
  }
}

function asSchema(value: unknown): JsonSchema {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (typeof value === 'boolean') return value;
  // With an `$id` of its own it stays a document: "#" inside it means itself.
  return isObject ? { $id: 'event', ...value } : true;
}
