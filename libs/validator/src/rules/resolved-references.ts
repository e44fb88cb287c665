// DAG216: names in a flow that refer to something which is not there. Edges have DAG202, and the
// configurations of surfaces CTRL131.
import { diagnostic, nearestWord, type Location } from '@basalt/diagnostics';
import type { SchemaRef } from '@basalt/ir';
import type { IndexedNode, IndexedSurface } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';
import { namedAliases } from '../surface-references.js';
import { answersCaller } from '../answers-caller.js';

/** Subflows, checkpoints, captures, targets of surfaces, and named schemas where `schemas` is given. */
export const resolvedReferences: Rule = {
  name: 'resolved-references',
  codes: ['DAG216'],
  check(context) {
    const names: Names = {
      checkpoints: new Set(context.flow.checkpoints.map(({ id }) => id)),
      subflows: new Set(Object.keys(context.flow.subflows ?? {})),
      schemas: context.flow.schemas && new Set(Object.keys(context.flow.schemas)),
    };
    for (const node of context.index.nodes) checkNode(context, names, node);
    for (const surface of context.index.surfaces) checkSurface(context, names, surface);
  },
};

interface Names {
  readonly checkpoints: ReadonlySet<string>;
  readonly subflows: ReadonlySet<string>;
  readonly schemas: ReadonlySet<string> | undefined;
}

function checkNode(context: RuleContext, names: Names, indexed: IndexedNode): void {
  const { node } = indexed;
  const by = `Node ${node.alias}`;
  const { subflow, checkpoint } = node;
  if (node.kind === 'subflow' && subflow !== undefined && !names.subflows.has(subflow)) {
    const at = context.atNode(indexed, 'subflow');
    unresolved(context, by, 'subflow', subflow, at, names.subflows);
  }
  if (checkpoint !== undefined && !names.checkpoints.has(checkpoint)) {
    const at = context.atNode(indexed, 'checkpoint');
    unresolved(context, by, 'checkpoint', checkpoint, at, names.checkpoints);
  }
  const capture = node.trigger?.capture;
  if (capture !== undefined && !answersCaller(node) && !context.index.node(capture)) {
    const help = context.didYouMean('DAG216', capture);
    const at = context.atNode(indexed, 'trigger', 'capture');
    context.report(diagnostic.DAG216({ by, kind: 'node', name: capture }, at, help));
  }
  for (const side of ['in_schema', 'out_schema'] as const) {
    const name = schemaName(node[side]);
    if (names.schemas === undefined || name === undefined || names.schemas.has(name)) continue;
    unresolved(context, by, 'schema', name, context.atNode(indexed, side, 'name'), names.schemas);
  }
}

function schemaName(ref: SchemaRef): string | undefined {
  return ref.kind === 'named' ? ref.name : undefined;
}

function checkSurface(context: RuleContext, names: Names, indexed: IndexedSurface): void {
  const by = `Surface ${indexed.surface.id}`;
  if (indexed.kind === 'await' && indexed.config !== undefined) {
    const id = indexed.config.checkpoint_id;
    if (!names.checkpoints.has(id)) {
      const at = context.atSurface(indexed, 'config', 'checkpoint_id');
      unresolved(context, by, 'checkpoint', id, at, names.checkpoints);
    }
  }
  const named = new Set(namedAliases(indexed).map(({ alias }) => alias));
  indexed.surface.targets.forEach((target, i) => {
    if (named.has(target) || context.index.node(target) !== undefined) return;
    const help = context.didYouMean('DAG216', target);
    const at = context.atSurface(indexed, 'targets', i);
    context.report(diagnostic.DAG216({ by, kind: 'node', name: target }, at, help));
  });
}

function unresolved(
  context: RuleContext,
  by: string,
  kind: string,
  name: string,
  at: Location,
  known: ReadonlySet<string>,
): void {
  const nearest = nearestWord(name, [...known].slice(0, 100));
  const help = nearest === undefined ? {} : { help: `Did you mean ${nearest}? Or define ${name}.` };
  context.report(diagnostic.DAG216({ by, kind, name }, at, help));
}
