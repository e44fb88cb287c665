// DAG002: a parameter is described by a schema.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG002, for each parameter of a node without `params_schema`. */
export const describedParams: Rule = {
  name: 'described-params',
  codes: ['DAG002'],
  check({ index, atNode, report }) {
    for (const indexed of index.nodes) {
      const { alias, params, params_schema } = indexed.node;
      if (params === undefined || params_schema !== undefined) continue;
      for (const name of Object.keys(params)) {
        const at = atNode(indexed, 'params', name);
        report(diagnostic.DAG002({ owner: `Node ${alias}`, name }, at));
      }
    }
  },
};
