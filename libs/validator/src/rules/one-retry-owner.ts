// RETRY010: retries of two parties multiply, against a service that is already in trouble.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, RETRY010: a policy of the node, or one handler that retries, not two. */
export const oneRetryOwner: Rule = {
  name: 'one-retry-owner',
  codes: ['RETRY010'],
  check(context) {
    const first = new Map<string, string>();
    for (const { node } of context.index.nodes) {
      if ((node.retry?.max_attempts ?? 1) > 1) first.set(node.alias, 'its retry policy');
    }
    for (const surface of context.index.surfacesOf('error_handler')) {
      const { config } = surface;
      if (config?.strategy !== 'retry' || config.max_retries === 0) continue;
      const second = `the error handler ${surface.surface.id}`;
      for (const alias of new Set(config.scope.nodes)) {
        const other = first.get(alias);
        if (other === undefined) {
          first.set(alias, second);
          continue;
        }
        const params = { node: alias, first: other, second };
        const at = context.atSurface(surface, 'config', 'scope', 'nodes');
        context.report(diagnostic.RETRY010(params, at));
      }
    }
  },
};
