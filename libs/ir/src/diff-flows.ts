// The semantic difference of two flows, and whether executions of the old one can go on on the new.
//
// Each change has a verdict:
//   continue  an execution under way may go on: what it has recorded stays valid.
//   pin       an execution that has started one of the change's nodes must finish on the old flow; one
//             that has not may go on. New executions may start on the new flow meanwhile.
//   refuse    the flows may not even run side by side: something that outlives executions changed.
// The verdict of the whole is the worst one. diff-rules.ts has the rule for every field.
import {
  edgeRule,
  flowRule,
  nodeRule,
  surfaceRule,
  type Rule,
  type Verdict,
} from './diff-rules.js';
import type { ControlSurfaceIR, EdgeIR, FlowIR, JsonSchema, NodeIR, SchemaRef } from './flow-ir.js';
import { formatPointer } from './pointer.js';
import { structuralHash, surfaceMeaning } from './structural-hash.js';
import { valuesEqual, type Value } from './value.js';

/** One difference. */
export interface FlowChange {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly part:
    'flow' | 'node' | 'edge' | 'surface' | 'schema' | 'param' | 'checkpoint' | 'subflow';
  /** Alias, `from -> to`, or id of the part; empty for the flow itself. */
  readonly name: string;
  /** RFC 6901 pointer: into the new document, or into the old one for what was removed. */
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly verdict: Verdict;
  readonly reason: string;
  /** The nodes at which it takes effect: aliases, with `/` between those of nested subflows. */
  readonly nodes: readonly string[];
}

export interface FlowDiff {
  readonly verdict: Verdict;
  /** True when the flows do the same, whatever they are called: equal structural hashes. */
  readonly sameMeaning: boolean;
  readonly changes: readonly FlowChange[];
}

export interface DiffOptions {
  /** Whether everything that `narrow` allows is allowed by `wide`. Without it only equal schemas,
   * and `true`, are known to be compatible. The validator has one. */
  readonly schemaAccepts?: (wide: JsonSchema, narrow: JsonSchema) => boolean;
}

/** Compares two loaded flows. Nodes are matched by alias, edges by their ends, surfaces by id and
 * else by meaning; order does not count. Time is linear in the size of the flows, and
 * in the number of changed schemas times that of nodes. */
export function diffFlows(before: FlowIR, after: FlowIR, options: DiffOptions = {}): FlowDiff {
  const changes = new Comparison(before, after, options).run();
  return {
    verdict: worst(changes.map((change) => change.verdict)),
    sameMeaning: structuralHash(before) === structuralHash(after),
    changes,
  };
}

/** The verdict for one execution, by the nodes that it has started. */
export function verdictForExecution(diff: FlowDiff, started: ReadonlySet<string>): Verdict {
  return worst(
    diff.changes.map(({ verdict, nodes }) =>
      verdict === 'pin' && nodes.length > 0 && !nodes.some((alias) => started.has(alias))
        ? 'continue'
        : verdict,
    ),
  );
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('refuse')) return 'refuse';
  return verdicts.includes('pin') ? 'pin' : 'continue';
}

type Json = Readonly<Record<string, unknown>>;

class Comparison {
  readonly #changes: FlowChange[] = [];
  readonly #aliases: ReadonlySet<string>;

  constructor(
    private readonly before: FlowIR,
    private readonly after: FlowIR,
    private readonly options: DiffOptions,
  ) {
    this.#aliases = new Set(before.nodes.map((node) => node.alias));
  }

  run(): FlowChange[] {
    this.#fields('flow', '', [], this.before, this.after, flowRule, []);
    this.#nodes();
    this.#edges();
    this.#surfaces();
    this.#named(
      'checkpoint',
      'checkpoints',
      byId(this.before.checkpoints),
      byId(this.after.checkpoints),
    );
    this.#schemas();
    this.#named('param', 'params', byKey(this.before.params), byKey(this.after.params));
    this.#subflows();
    return this.#changes;
  }

  #nodes(): void {
    const old = new Map(this.before.nodes.map((node, i) => [node.alias, { node, i }]));
    const seen = new Set<string>();
    this.after.nodes.forEach((node, i) => {
      seen.add(node.alias);
      const match = old.get(node.alias);
      const path = ['nodes', i];
      if (match === undefined) {
        const rule: Rule = {
          verdict: 'continue',
          reason: 'only its edges can lead messages to it',
        };
        this.#add('added', 'node', node.alias, path, { after: node }, rule, []);
      } else {
        this.#fields('node', node.alias, path, match.node, node, this.#nodeRule(match.node, node), [
          node.alias,
        ]);
      }
    });
    const senders = new Map<string, string[]>();
    for (const { from, to } of this.before.edges) {
      if (!seen.has(to)) senders.set(to, [...(senders.get(to) ?? []), from]);
    }
    for (const [alias, { node, i }] of old) {
      if (seen.has(alias)) continue;
      const rule: Rule = {
        verdict: 'pin',
        reason: 'executions may hold messages for it or its results',
      };
      const places = [alias, ...(senders.get(alias) ?? [])];
      this.#add('removed', 'node', alias, ['nodes', i], { before: node }, rule, places);
    }
  }

  /** The rule of a node's fields, with its schemas compared by content. */
  #nodeRule(before: NodeIR, after: NodeIR) {
    return (path: readonly string[], old: unknown, now: unknown): Rule => {
      const field = path[0];
      if (field !== 'in_schema' && field !== 'out_schema')
        return nodeRule(path, old, now, before, after);
      const [was, is] = [resolve(this.before, before[field]), resolve(this.after, after[field])];
      return this.#schemaRule(field, was, is);
    };
  }

  #schemaRule(
    field: 'in_schema' | 'out_schema',
    was: JsonSchema | string,
    is: JsonSchema | string,
  ): Rule {
    const accepts = (wide: JsonSchema | string, narrow: JsonSchema | string) => {
      if (wide === true || wide === narrow) return true;
      if (typeof wide === 'string' || typeof narrow === 'string') return false;
      if (valuesEqual(wide as Value, narrow as Value)) return true;
      return this.options.schemaAccepts?.(wide, narrow) ?? false;
    };
    // Recorded messages satisfy the old schema; they are read again under the new one.
    if (accepts(is, was))
      return { verdict: 'continue', reason: 'every recorded message still fits' };
    const what = field === 'in_schema' ? 'inputs' : 'results';
    return { verdict: 'pin', reason: `recorded ${what} may not fit the new schema` };
  }

  #edges(): void {
    const old = groupEdges(this.before.edges);
    const seen = new Set<string>();
    for (const [key, { edge, i }] of groupEdges(this.after.edges)) {
      seen.add(key);
      const name = `${edge.from} -> ${edge.to}`;
      const match = old.get(key);
      if (match) {
        this.#fields('edge', name, ['edges', i], match.edge, edge, edgeRule, [edge.from]);
      } else {
        const rule: Rule = this.#aliases.has(edge.from)
          ? { verdict: 'pin', reason: 'executions that passed its sender never use it' }
          : { verdict: 'continue', reason: 'its sender is new too' };
        this.#add('added', 'edge', name, ['edges', i], { after: edge }, rule, [edge.from]);
      }
    }
    for (const [key, { edge, i }] of old) {
      if (seen.has(key)) continue;
      const rule: Rule = { verdict: 'pin', reason: 'messages on it would have nowhere to go' };
      const name = `${edge.from} -> ${edge.to}`;
      this.#add('removed', 'edge', name, ['edges', i], { before: edge }, rule, [edge.from]);
    }
  }

  #surfaces(): void {
    const unmatched = new Map(this.before.control_surfaces.map((surface, i) => [surface, i]));
    const byId = new Map(this.before.control_surfaces.map((surface) => [surface.id, surface]));
    const renamed = new Map(
      this.before.control_surfaces.map((s) => [JSON.stringify(surfaceMeaning(s)), s]),
    );
    this.after.control_surfaces.forEach((surface, i) => {
      const same = byId.get(surface.id) ?? renamed.get(JSON.stringify(surfaceMeaning(surface)));
      const match =
        same !== undefined && unmatched.has(same) && same.kind === surface.kind ? same : undefined;
      if (match) {
        unmatched.delete(match);
        const [old, now] = [surfaceMeaning(match) as Json, surfaceMeaning(surface) as Json];
        const rule = (path: readonly string[]) => surfaceRule(surface.kind, path);
        this.#fields(
          'surface',
          surface.id,
          ['control_surfaces', i],
          old,
          now,
          rule,
          surface.targets,
        );
      } else {
        this.#surface('added', surface, i);
      }
    });
    for (const [surface, i] of unmatched) this.#surface('removed', surface, i);
  }

  #surface(kind: 'added' | 'removed', surface: ControlSurfaceIR, i: number): void {
    const content = kind === 'added' ? { after: surface } : { before: surface };
    const known = surface.targets.some((alias) => this.#aliases.has(alias));
    const rule: Rule = known
      ? surfaceRule(surface.kind, [])
      : { verdict: 'continue', reason: 'all nodes that it concerns are new' };
    this.#add(kind, 'surface', surface.id, ['control_surfaces', i], content, rule, surface.targets);
  }

  /** Named schemas: what a change means shows at the nodes that use them. */
  #schemas(): void {
    const [old, now] = [this.before.schemas ?? {}, this.after.schemas ?? {}];
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const was = own(old, name) as JsonSchema | undefined;
      const is = own(now, name) as JsonSchema | undefined;
      if (was !== undefined && is !== undefined && valuesEqual(was as Value, is as Value)) continue;
      const uses = (node: NodeIR, field: 'in_schema' | 'out_schema') =>
        node[field].kind === 'named' && node[field].name === name && this.#aliases.has(node.alias);
      const readers = this.after.nodes.filter((n) => uses(n, 'in_schema') || uses(n, 'out_schema'));
      const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
      const rule: Rule =
        readers.length === 0
          ? { verdict: 'continue', reason: 'no node of the old flow uses it' }
          : this.#schemaRule('in_schema', was ?? name, is ?? name);
      const content = {
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      };
      this.#add(
        kind,
        'schema',
        name,
        ['schemas', name],
        content,
        rule,
        readers.map((n) => n.alias),
      );
    }
  }

  #subflows(): void {
    const [old, now] = [entries(this.before.subflows), entries(this.after.subflows)];
    for (const [key, inner] of now) {
      const was = old.get(key);
      const users = this.before.nodes.filter((n) => n.subflow === key).map((n) => n.alias);
      if (was === undefined) {
        const rule: Rule = { verdict: 'continue', reason: 'no node of the old flow runs it' };
        this.#add('added', 'subflow', key, ['subflows', key], { after: inner }, rule, []);
        continue;
      }
      for (const change of diffFlows(was, inner, this.options).changes) {
        const name = change.name === '' ? key : `${key}/${change.name}`;
        const pointer = formatPointer(['subflows', key]) + change.pointer;
        const nodes =
          change.nodes.length === 0
            ? users
            : users.flatMap((user) => change.nodes.map((alias) => `${user}/${alias}`));
        this.#changes.push({ ...change, name, pointer, nodes });
      }
    }
    for (const [key, inner] of old) {
      if (now.has(key)) continue;
      const users = this.before.nodes.filter((n) => n.subflow === key).map((n) => n.alias);
      const rule: Rule = { verdict: 'pin', reason: 'executions may be inside it' };
      this.#add('removed', 'subflow', key, ['subflows', key], { before: inner }, rule, users);
    }
  }

  /** Checkpoints and parameters: small objects with a name and a place. */
  #named(part: 'checkpoint' | 'param', list: string, old: Named, now: Named): void {
    const rule = (path: readonly string[], was: unknown, is: unknown) =>
      flowRule([list, ...path], was, is);
    for (const [key, { item, step }] of now) {
      const was = old.get(key)?.item;
      const path = [list, step];
      if (was) this.#fields(part, key, path, was, item, rule, []);
      else
        this.#add('added', part, key, path, { after: item }, rule(['added'], undefined, item), []);
    }
    for (const [key, { item, step }] of old) {
      if (now.has(key)) continue;
      const removed = rule(['removed'], item, undefined);
      this.#add('removed', part, key, [list, step], { before: item }, removed, []);
    }
  }

  /** Compares two objects field by field, and the objects inside them. */
  #fields(
    part: FlowChange['part'],
    name: string,
    path: readonly (string | number)[],
    before: object,
    after: object,
    rule: (path: readonly string[], before: unknown, after: unknown) => Rule,
    nodes: readonly string[],
  ): void {
    const compare = (inner: readonly string[], was: unknown, is: unknown): void => {
      if (was === undefined && is === undefined) return;
      if (was !== undefined && is !== undefined && valuesEqual(was as Value, is as Value)) return;
      if (isMap(was) && isMap(is) && !COMPARED_WHOLE.has(inner.at(-1) ?? '')) {
        for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
          compare([...inner, key], own(was, key), own(is, key));
        }
        return;
      }
      const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
      const content = {
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      };
      this.#add(kind, part, name, [...path, ...inner], content, rule(inner, was, is), nodes);
    };
    const skipped = part === 'flow' ? COMPARED_APART : NOTHING;
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!skipped.has(key)) compare([key], own(before, key), own(after, key));
    }
  }

  #add(
    kind: FlowChange['kind'],
    part: FlowChange['part'],
    name: string,
    path: readonly (string | number)[],
    content: { readonly before?: unknown; readonly after?: unknown },
    rule: Rule,
    nodes: readonly string[],
  ): void {
    const places = rule.verdict === 'pin' ? [...new Set(nodes)] : [];
    this.#changes.push({
      kind,
      part,
      name,
      pointer: formatPointer(path),
      ...content,
      ...rule,
      nodes: places,
    });
  }
}

/** Schemas and defaults: a step inside them is no field of the format. */
const COMPARED_WHOLE: ReadonlySet<string> = new Set([
  'in_schema',
  'out_schema',
  'params_schema',
  'schema',
  'default',
]);
const NOTHING: ReadonlySet<string> = new Set();
const COMPARED_APART: ReadonlySet<string> = new Set([
  'nodes',
  'edges',
  'control_surfaces',
  'checkpoints',
  'schemas',
  'params',
  'subflows',
]);

/** The schema that a reference stands for; its name where the flow does not define it. */
function resolve(flow: FlowIR, ref: SchemaRef): JsonSchema | string {
  if (ref.kind === 'opaque') return true;
  return (own(flow.schemas ?? {}, ref.name) as JsonSchema | undefined) ?? ref.name;
}

/** Edges by their ends; a second edge between two nodes is told apart by its number. */
function groupEdges(edges: readonly EdgeIR[]): Map<string, { edge: EdgeIR; i: number }> {
  const groups = new Map<string, { edge: EdgeIR; i: number }>();
  const counts = new Map<string, number>();
  edges.forEach((edge, i) => {
    const ends = JSON.stringify([edge.from, edge.to]);
    const count = counts.get(ends) ?? 0;
    counts.set(ends, count + 1);
    groups.set(`${ends}${count}`, { edge, i });
  });
  return groups;
}

type Named = ReadonlyMap<string, { readonly item: object; readonly step: string | number }>;

function byId(list: readonly { readonly id: string }[]): Named {
  return new Map(list.map((item, step) => [item.id, { item, step }]));
}

function byKey(record: Readonly<Record<string, object>> | undefined): Named {
  return new Map(Object.entries(record ?? {}).map(([step, item]) => [step, { item, step }]));
}

function entries<T>(record: Readonly<Record<string, T>> | undefined): Map<string, T> {
  return new Map(Object.entries(record ?? {}));
}

function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Json)[key] : undefined;
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
