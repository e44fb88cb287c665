// DAG341: a parameter has a value of the type that its schema states.
import { diagnostic } from '@basalt/diagnostics';
import { parsePointer } from '@basalt/ir';
import type { IndexedNode } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';
import { schemaMismatches } from '../schema-mismatches.js';

/** The 0.1 contract, section 2: DAG341, for the `params` of nodes and the defaults of the flow's. */
export const validParams: Rule = {
  name: 'valid-params',
  codes: ['DAG341'],
  check(context) {
    const { flow, index, at, report } = context;
    for (const [name, param] of Object.entries(flow.params ?? {})) {
      if (param.default === undefined) continue;
      for (const { reason } of schemaMismatches(param.schema, param.default)) {
        const where = at('params', name, 'default');
        report(diagnostic.DAG341({ name, owner: `flow ${flow.name}`, reason }, where));
      }
    }
    for (const node of index.nodes) checkNode(context, node);
  },
};

function checkNode(context: RuleContext, indexed: IndexedNode): void {
  const { alias, params, params_schema } = indexed.node;
  if (params === undefined || params_schema === undefined) return;
  for (const { pointer, reason } of schemaMismatches(params_schema, params)) {
    const path = parsePointer(pointer);
    const at = context.atNode(indexed, 'params', ...path);
    const name = path[0] ?? Object.keys(params).join(', ');
    context.report(diagnostic.DAG341({ name, owner: `node ${alias}`, reason }, at));
  }
}
