// DAG215 and CTRL142: a loop ends, and its body leads back to where it is decided.
import { diagnostic } from '@basalt/diagnostics';
import type { IndexedSurface } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';

/** Loops without `max_iterations`, and loops whose body never comes back to the source. */
export const loopBounds: Rule = {
  name: 'loop-bounds',
  codes: ['DAG215', 'CTRL142'],
  check(context) {
    for (const loop of context.index.surfacesOf('loop')) {
      if (loop.problems.some(({ reason }) => reason === 'it lacks max_iterations')) {
        const at = context.atSurface(loop, 'config');
        context.report(diagnostic.DAG215({ surface: loop.surface.id }, at));
      }
      checkWayBack(context, loop);
    }
  },
};

function checkWayBack(context: RuleContext, loop: IndexedSurface<'loop'>): void {
  const { index } = context;
  if (loop.config === undefined) return;
  const { body_entry, source, exit } = loop.config;
  const [entry, end] = [index.node(body_entry), index.node(source)];
  if (entry === undefined || end === undefined || body_entry === exit) return;
  const follow = (edge: (typeof index.edges)[number]): boolean => !index.isLoopBack(edge);
  if (index.search(entry, (node) => node === end, { follow }) !== false) return;
  const problem = `body_entry ${body_entry} does not lead back to the source ${source}`;
  const at = context.atSurface(loop, 'config', 'body_entry');
  context.report(diagnostic.CTRL142({ surface: loop.surface.id, problem }, at));
}
