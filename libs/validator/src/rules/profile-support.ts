// PROF101: a profile honours every property that a flow declares.
import { diagnostic, type Location } from '@basalt/diagnostics';
import {
  UNSUPPORTED_OF_EDGES,
  UNSUPPORTED_OF_NODES,
  UNSUPPORTED_OF_SURFACES,
  type Unsupported,
} from '../profile-support.js';
import type { PathStep, Rule, RuleContext } from '../rule.js';

/** Every declared property that the table of profiles lists for the profile of the flow. */
export const profileSupport: Rule = {
  name: 'profile-support',
  codes: ['PROF101'],
  check(context) {
    const { index } = context;
    const nodes = checker(context, UNSUPPORTED_OF_NODES);
    for (const n of index.nodes) {
      nodes(n.node, `node ${n.node.alias}`, (path) => context.atNode(n, ...path));
    }
    const edges = checker(context, UNSUPPORTED_OF_EDGES);
    for (const e of index.edges) {
      edges(e.edge, `edge ${e.edge.from} -> ${e.edge.to}`, (path) => context.atEdge(e, ...path));
    }
    const surfaces = checker(context, UNSUPPORTED_OF_SURFACES);
    for (const s of index.surfaces) {
      surfaces(s, `surface ${s.surface.id}`, (path) => context.atSurface(s, ...path));
    }
  },
};

type At = (path: readonly PathStep[]) => Location;

function checker<Part>(
  { profile, index, report }: RuleContext,
  table: readonly Unsupported<Part>[],
) {
  const rows = table.flatMap(({ reasons, ...row }) => {
    const reason = profile === 'dev' ? undefined : reasons[profile];
    return reason === undefined ? [] : [{ ...row, reason }];
  });
  return (part: Part, node: string, at: At): void => {
    for (const { property, declared, reason } of rows) {
      const path = declared(part, index);
      if (path === undefined) continue;
      report(diagnostic.PROF101({ profile, property, node, reason }, at(path)));
    }
  };
}
