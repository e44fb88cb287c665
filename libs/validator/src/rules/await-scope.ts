// DAG300: an answer finds the message that waits for it.
import { diagnostic } from '@basalt/diagnostics';
import { activationOf, isInBody } from '../activation.js';
import { awaitEnds } from '../edge-gates.js';
import type { IndexedNode } from '../flow-index.js';
import type { Rule } from '../rule.js';

/**
 * The 0.1 contract, section 2: DAG300. In the body of a for_each many messages wait at one checkpoint,
 * so the correlation key must be known to tell them apart: it is the idempotency key of the source, or
 * one of its fields.
 */
export const awaitScope: Rule = {
  name: 'await-scope',
  codes: ['DAG300'],
  check({ index, atSurface, report }) {
    const bodies = index.surfacesOf('for_each');
    const awaits = index.surfacesOf('await');
    if (bodies.length === 0 || awaits.length === 0) return;
    const activation = activationOf(index);
    if (activation === undefined) return;
    for (const indexed of awaits) {
      const alias = awaitEnds(indexed).source;
      const source = alias === undefined ? undefined : index.node(alias);
      if (indexed.config === undefined || source === undefined) continue;
      const { correlation_key } = indexed.config;
      if (isKeyOf(source, correlation_key)) continue;
      const condition = activation.ofNode(source);
      const body = bodies.find(({ surface }) => isInBody(condition, surface.id));
      if (body === undefined) continue;
      const reason =
        `nothing says that the correlation key ${correlation_key} differs for every message; ` +
        `it is not the idempotency key of ${source.node.alias}`;
      const scope = `the body of ${body.surface.id}`;
      const at = atSurface(indexed, 'config', 'correlation_key');
      report(diagnostic.DAG300({ surface: indexed.surface.id, scope, reason }, at));
    }
  },
};

function isKeyOf({ node }: IndexedNode, selector: string): boolean {
  const { key, fields = [] } = node.idempotency;
  return [key, ...fields].some(
    (own) => own !== undefined && asPointer(own) === asPointer(selector),
  );
}

function asPointer(selector: string): string {
  if (selector === '' || selector.startsWith('/')) return selector;
  return `/${selector.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
