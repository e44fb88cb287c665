// DAG003: a misspelt resource hint would be ignored, and the node would run without the resource.
import { diagnostic, nearestWord, REGISTRY } from '@basalt/diagnostics';
import { HINT_REGISTRY, lookupHint } from '../hints/hint-registry.js';
import type { Rule } from '../rule.js';

const KNOWN = HINT_REGISTRY.map((entry) => entry.hint);

/** The 0.1 contract, section 1, Hints: every `resource::` hint is in the registry. Other texts are notes. */
export const knownHints: Rule = {
  name: 'known-hints',
  codes: ['DAG003'],
  check(context) {
    for (const indexed of context.index.nodes) {
      for (const list of ['effectHints', 'determinismHints'] as const) {
        indexed.node[list].forEach((hint, position) => {
          if (!hint.startsWith('resource::') || lookupHint(hint) !== undefined) return;
          const near = hint.length <= 64 ? nearestWord(hint, KNOWN) : undefined;
          const params = { node: indexed.node.alias, category: 'resource hint', name: hint };
          const extras = near ? { help: `Did you mean ${near}? ${REGISTRY.DAG003.fix}` } : {};
          context.report(
            diagnostic.DAG003(params, context.atNode(indexed, list, position), extras),
          );
        });
      }
    }
  },
};
