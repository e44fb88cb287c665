// DAG103: one request goes to one trigger.
import { diagnostic } from '@basalt/diagnostics';
import type { IndexedNode } from '../flow-index.js';
import type { Rule } from '../rule.js';

/** HTTP triggers with equal method and route; names of path parameters do not tell routes apart. */
export const uniqueRoutes: Rule = {
  name: 'unique-routes',
  codes: ['DAG103'],
  check({ index, atNode, report }) {
    const claimed = new Map<string, IndexedNode>();
    for (const trigger of index.triggers) {
      const spec = trigger.node.trigger;
      if (spec?.kind !== 'http' || spec.route === undefined) continue;
      const { method = 'POST', route } = spec;
      const claim = `${method} ${routeShape(route)}`;
      const first = claimed.get(claim);
      if (first === undefined) {
        claimed.set(claim, trigger);
        continue;
      }
      const params = { first: first.node.alias, second: trigger.node.alias, method, route };
      report(diagnostic.DAG103(params, atNode(trigger, 'trigger', 'route')));
    }
  },
};

/** The route with every parameter (`:id`, `{id}`) written alike, without a slash at the end. */
function routeShape(route: string): string {
  const segments = route.split('/').map((s) => (/^(:.+|\{.+\})$/.test(s) ? '{}' : s));
  if (segments.length > 2 && segments.at(-1) === '') segments.pop();
  return segments.join('/');
}
