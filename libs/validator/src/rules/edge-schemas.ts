// DAG201 and SCHEMA101: what leaves one node is accepted by the next, as seen through the surfaces
// between them.
import { diagnostic } from '@basalt/diagnostics';
import { edgeValues } from '../edge-values.js';
import { SchemaComparer } from '../schema-compat/schema-comparer.js';
import type { IndexedEdge } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';

/**
 * The 0.1 contract, section 2, DAG201: where one of two named schemas has no definition, the names are
 * equal. SCHEMA101: where both have one, every value of the first is valid for the second; the finding
 * carries a value that is not. Undecided comparisons are not reported.
 */
export const edgeSchemas: Rule = {
  name: 'edge-schemas',
  codes: ['DAG201', 'SCHEMA101'],
  check(context) {
    const comparer = new SchemaComparer(context.flow);
    const shapes = edgeValues(context.index, comparer);
    for (const edge of context.index.edges) {
      if (edge.from === undefined || edge.to === undefined) continue;
      const value = shapes(edge);
      if (value.kind === 'plain') compareNames(context, edge, comparer);
      const consumer = comparer.lookup(edge.to.node.in_schema);
      if (value.kind === 'unknown' || value.schema === undefined || consumer === undefined)
        continue;
      const answer = comparer.compare(value.schema, consumer);
      if (answer.kind !== 'rejected') continue;
      const { path, reason, counterexample } = answer;
      const params = {
        from: edge.edge.from,
        to: edge.edge.to,
        path: path === '' ? 'the whole value' : path,
        reason,
      };
      const details = { path, reason, counterexample, through: value.through };
      context.report(diagnostic.SCHEMA101(params, context.atEdge(edge), { details }));
    }
  },
};

function compareNames(context: RuleContext, edge: IndexedEdge, comparer: SchemaComparer): void {
  const out = edge.from!.node.out_schema;
  const into = edge.to!.node.in_schema;
  if (out.kind !== 'named' || into.kind !== 'named' || out.name === into.name) return;
  if (comparer.lookup(out) !== undefined && comparer.lookup(into) !== undefined) return;
  const { from, to } = edge.edge;
  const params = { from, to, from_schema: out.name, to_schema: into.name };
  context.report(diagnostic.DAG201(params, context.atEdge(edge)));
}
