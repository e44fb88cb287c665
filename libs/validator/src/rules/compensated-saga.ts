// SAGA201: when an execution fails, either everything is undone or nothing has to be.
import { diagnostic } from '@basalt/diagnostics';
import type { FlowIndex, IndexedNode } from '../flow-index.js';
import type { Rule } from '../rule.js';

/**
 * The 0.1 contract, section 2: SAGA201. A flow is a saga when a node of it has a compensation. In a
 * saga each effectful node needs a compensation unless no node after it can fail: activities,
 * subflows and effectful nodes can, pure inline nodes count as safe. Where the only effects of a node
 * are in a dedupe store, there is nothing to undo.
 */
export const compensatedSaga: Rule = {
  name: 'compensated-saga',
  codes: ['SAGA201'],
  check({ index, atNode, report }) {
    if (!index.nodes.some(({ node }) => node.compensation !== undefined)) return;
    const failing = index.nodes.filter(canFail);
    const beforeFailing = index.reach(
      failing.flatMap(({ incoming }) => incoming.flatMap(({ from }) => from ?? [])),
      { backward: true },
    );
    for (const indexed of index.nodes) {
      if (!leavesEffects(indexed) || !beforeFailing.has(indexed)) continue;
      const params = { node: indexed.node.alias, failing: nextFailing(index, indexed) };
      report(diagnostic.SAGA201(params, atNode(indexed)));
    }
  },
};

/** The nearest node after `start` that can fail. */
function nextFailing(index: FlowIndex, start: IndexedNode): string {
  let nearest = 'another node';
  index.search(start, (node) => {
    if (node === start || !canFail(node)) return false;
    nearest = node.node.alias;
    return true;
  });
  return nearest;
}

function leavesEffects({ node }: IndexedNode): boolean {
  if (node.effects !== 'effectful' || node.compensation !== undefined) return false;
  if (node.kind === 'trigger') return false;
  const writes = node.effectHints.filter((hint) => !hint.startsWith('resource::dedupe'));
  return node.effectHints.length === 0 || writes.length > 0;
}

function canFail({ node }: IndexedNode): boolean {
  return node.kind === 'activity' || node.kind === 'subflow' || node.effects === 'effectful';
}
