// DAG204: a caller that waits for an answer gets one.
import { diagnostic } from '@basalt/diagnostics';
import { answersCaller } from '../answers-caller.js';
import type { FlowIndex, IndexedNode } from '../flow-index.js';
import type { Rule } from '../rule.js';

/** Leaves that a message names; with two the answer is already unclear. */
const NAMED = 3;

/** The 0.1 contract, section 2: DAG204, for HTTP triggers whose `capture`, or else whose only leaf,
 * cannot be reached. */
export const responder: Rule = {
  name: 'responder',
  codes: ['DAG204'],
  check({ index, atNode, report }) {
    for (const trigger of index.triggers) {
      // Without an outgoing edge DAG101 says it.
      if (!answersCaller(trigger.node) || trigger.outgoing.length === 0) continue;
      const { respond = 'value', capture } = trigger.node.trigger!;
      const reason =
        capture === undefined
          ? leafProblem(index, trigger)
          : captureProblem(index, trigger, capture);
      if (reason === undefined) continue;
      const at = atNode(trigger, 'trigger', ...(capture === undefined ? [] : ['capture']));
      report(diagnostic.DAG204({ node: trigger.node.alias, respond, reason }, at));
    }
  },
};

function captureProblem(index: FlowIndex, trigger: IndexedNode, alias: string): string | undefined {
  const capture = index.node(alias);
  if (capture === undefined) return `the capture ${alias} does not exist`;
  if (index.search(trigger, (node) => node === capture) !== false) return undefined;
  return `the capture ${alias} is not reached`;
}

function leafProblem(index: FlowIndex, trigger: IndexedNode): string | undefined {
  const leaves: string[] = [];
  const complete = index.search(trigger, (node) => {
    if (node.outgoing.length === 0) leaves.push(node.node.alias);
    return leaves.length === NAMED;
  });
  if (leaves.length > 1) {
    const named = leaves.join(', ') + (complete === false ? '' : ' and more');
    return `it names no capture and there are several leaves (${named})`;
  }
  if (leaves.length === 1 || complete === undefined) return undefined;
  return 'it names no capture and no node is a leaf';
}
