// SCHEMA104: a pointer of a surface leads to something that the surface can work with.
import { diagnostic } from '@basalt/diagnostics';
import type { JsonSchema } from '@basalt/ir';
import type { IndexedEdge, IndexedNode, IndexedSurface } from '../flow-index.js';
import { asPointer, pointerSchema } from '../schema-compat/pointer-schema.js';
import { SchemaComparer } from '../schema-compat/schema-comparer.js';
import type { Rule, RuleContext } from '../rule.js';

interface Use {
  /** Key of the configuration. */
  readonly key: string;
  readonly pointer: string;
  /** The node whose output the pointer is applied to. */
  readonly source: IndexedNode | undefined;
  readonly leaf: JsonSchema;
  readonly wanted: string;
}

const KEY: JsonSchema = true;

/**
 * The 0.1 contract, section 1, Surface configs: in every output of the source, the selector of an if or
 * loop is a boolean, that of a switch a string, the items of a for_each an array, the event time of a
 * window a number, and a key is there. The finding shows an output in which it is not; what is not
 * decided is not reported.
 */
export const fittingPointers: Rule = {
  name: 'fitting-pointers',
  codes: ['SCHEMA104'],
  check(context) {
    const comparer = new SchemaComparer(context.flow);
    const windowed = new Set<string>();
    for (const surface of context.index.surfaces) {
      // The first window before a target only: many windows on one target would take quadratic time.
      if (surface.kind === 'window') {
        const target = surface.config?.target ?? surface.surface.targets[0] ?? '';
        if (windowed.has(target)) continue;
        windowed.add(target);
      }
      for (const use of usesOf(context, surface)) {
        checkUse(context, comparer, use, context.atSurface(surface, 'config', use.key));
      }
    }
    for (const edge of context.index.edges) {
      const pointer = edge.edge.partition_key;
      if (pointer === undefined) continue;
      const use = {
        key: 'partition_key',
        pointer,
        source: edge.from,
        leaf: KEY,
        wanted: 'a value',
      };
      if (isOwnOutput(edge))
        checkUse(context, comparer, use, context.atEdge(edge, 'partition_key'));
    }
  },
};

/** The edge carries what its source puts out, not what a surface makes. */
function isOwnOutput({ gate }: IndexedEdge): boolean {
  return gate === undefined || ['if', 'switch', 'loop'].includes(gate.surface.kind);
}

function checkUse(
  context: RuleContext,
  comparer: SchemaComparer,
  { key, pointer, source, leaf, wanted }: Use,
  at: ReturnType<RuleContext['at']>,
): void {
  const output = source && comparer.lookup(source.node.out_schema);
  const schema = pointerSchema(asPointer(pointer), leaf);
  if (output === undefined || schema === undefined) return;
  const named = { key: `w:${wanted} ${pointer}`, schema };
  const answer = comparer.compare(output, named);
  if (answer.kind !== 'rejected') return;
  const { reason, path, counterexample } = answer;
  const params = { field: key, pointer, node: source!.node.alias, wanted, reason };
  context.report(diagnostic.SCHEMA104(params, at, { details: { path, reason, counterexample } }));
}

function usesOf({ index }: RuleContext, surface: IndexedSurface): readonly Use[] {
  if (surface.config === undefined) return [];
  switch (surface.kind) {
    case 'if':
    case 'loop':
      return [selector(index.node(surface.config.source), surface.config, 'boolean')];
    case 'switch':
      return [selector(index.node(surface.config.source), surface.config, 'string')];
    case 'for_each': {
      const { source, items_pointer: pointer } = surface.config;
      const leaf = { type: 'array' };
      return [
        { key: 'items_pointer', pointer, source: index.node(source), leaf, wanted: 'a list' },
      ];
    }
    case 'window': {
      const target = index.node(surface.config.target ?? surface.surface.targets[0] ?? '');
      const time = surface.config.event_time_pointer;
      const leaf = { type: ['number', 'string'] };
      return (target?.incoming ?? []).filter(isOwnOutput).flatMap(({ from: source }) => {
        const uses: Use[] = [
          { key: 'event_time_pointer', pointer: time, source, leaf, wanted: 'a time' },
        ];
        const key = surface.config?.key_pointer;
        if (key !== undefined) {
          uses.push({ key: 'key_pointer', pointer: key, source, leaf: KEY, wanted: 'a value' });
        }
        return uses;
      });
    }
    case 'partition': {
      const { edge, key: pointer } = surface.config;
      const source = index.node(edge.from);
      return [{ key: 'key', pointer, source, leaf: KEY, wanted: 'a value' }];
    }
    default:
      return [];
  }
}

function selector(
  source: IndexedNode | undefined,
  config: { readonly selector_pointer: string },
  type: 'boolean' | 'string',
): Use {
  const pointer = config.selector_pointer;
  return { key: 'selector_pointer', pointer, source, leaf: { type }, wanted: `a ${type}` };
}
