// DAG006: a batch makes one message of many, which not every place in a flow can bear.
import { diagnostic } from '@basalt/diagnostics';
import type { IndexedNode } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';
import { answersCaller } from '../answers-caller.js';
import { awaitEnds } from '../edge-gates.js';

/** The 0.1 contract, section 2: DAG006, once a node. */
export const batching: Rule = {
  name: 'batching',
  codes: ['DAG006'],
  check(context) {
    const roles = unbatchable(context);
    for (const indexed of context.index.nodes) {
      const problem = problemOf(indexed, roles);
      if (problem === undefined) continue;
      const at = context.atNode(indexed, 'concurrency');
      context.report(diagnostic.DAG006({ node: indexed.node.alias, problem }, at));
    }
  },
};

function problemOf({ node }: IndexedNode, roles: ReadonlyMap<string, string>): string | undefined {
  const { batch, batch_wait_ms } = node.concurrency ?? {};
  if (batch === undefined) {
    return batch_wait_ms === undefined ? undefined : 'batch_wait_ms is set, but batch is not';
  }
  if (batch === 1) return undefined;
  if (node.kind === 'trigger') return 'a trigger gets one payload';
  return roles.get(node.alias);
}

/** Nodes whose messages must stay apart, with the reason. */
function unbatchable({ index }: RuleContext): ReadonlyMap<string, string> {
  const roles = new Map<string, string>();
  const add = (alias: string | undefined, reason: string): void => {
    if (alias !== undefined && !roles.has(alias)) roles.set(alias, reason);
  };
  for (const surface of index.surfaces) {
    const { id } = surface.surface;
    switch (surface.kind) {
      case 'join':
      case 'zip':
        add(surface.config?.target, `${surface.kind} ${id} gives it one object at a time`);
        break;
      case 'window':
        add(surface.config?.target, `window ${id} already groups its messages`);
        break;
      case 'for_each':
        add(surface.config?.body_entry, `for_each ${id} gives it one item at a time`);
        add(surface.config?.body_exit, `for_each ${id} collects one result for each item`);
        break;
      case 'if':
      case 'switch':
      case 'loop':
        add(surface.config?.source, `${surface.kind} ${id} routes each of its outputs`);
        break;
      case 'await':
        add(awaitEnds(surface).source, `await ${id} holds each of its outputs`);
        break;
      default:
    }
  }
  for (const { node } of index.triggers) {
    if (answersCaller(node))
      add(node.trigger?.capture, `trigger ${node.alias} answers each caller`);
  }
  return roles;
}
