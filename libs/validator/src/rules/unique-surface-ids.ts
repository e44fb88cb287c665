// DAG212: traces, errors and journals name surfaces by id.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** Every surface after the first that has an id. */
export const uniqueSurfaceIds: Rule = {
  name: 'unique-surface-ids',
  codes: ['DAG212'],
  check({ index, atSurface, report }) {
    const seen = new Set<string>();
    for (const indexed of index.surfaces) {
      const { id } = indexed.surface;
      if (seen.has(id)) report(diagnostic.DAG212({ id }, atSurface(indexed, 'id')));
      seen.add(id);
    }
  },
};
