// DAG301: what waits at a checkpoint survives a restart, so it is stored.
import { diagnostic } from '@basalt/diagnostics';
import { awaitEnds } from '../edge-gates.js';
import { notJson } from '../not-json.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG301, for sources that stream to a caller and for event schemas
 * that are not JSON. */
export const awaitStorable: Rule = {
  name: 'await-storable',
  codes: ['DAG301'],
  check({ index, atSurface, report }) {
    const streamed = new Map<string, string>();
    for (const { node } of index.triggers) {
      const { respond, capture } = node.trigger ?? {};
      if (respond === 'stream' && capture !== undefined) streamed.set(capture, node.alias);
    }
    for (const indexed of index.surfacesOf('await')) {
      const { source } = awaitEnds(indexed);
      if (indexed.config === undefined || source === undefined) continue;
      const refuse = (reason: string, key: string): void => {
        const at = atSurface(indexed, 'config', key);
        report(diagnostic.DAG301({ surface: indexed.surface.id, source, reason }, at));
      };
      const trigger = streamed.get(source);
      if (trigger !== undefined) refuse(`it is streamed to the caller of ${trigger}`, 'source');
      const problem = notJson(indexed.config.event_schema);
      if (problem !== undefined) refuse(`its event_schema holds ${problem}`, 'event_schema');
    }
  },
};
