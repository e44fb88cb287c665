// DAG105: the attributes of a trigger say how it is started, and belong to its kind.
import { diagnostic } from '@basalt/diagnostics';
import type { TriggerSpec } from '@basalt/ir';
import { cronProblem } from '../cron-problem.js';
import type { Rule } from '../rule.js';

/** Attribute -> the kind of trigger that has a use for it. */
const OWNERS = {
  method: 'http',
  route: 'http',
  schedule: 'cron',
  queue: 'queue',
  event: 'event',
} as const satisfies Partial<Record<keyof TriggerSpec, TriggerSpec['kind']>>;

type Owned = keyof typeof OWNERS;

const OWNED = Object.keys(OWNERS) as Owned[];
const METHOD = /^[A-Z][A-Z0-9-]*$/;
/** A path of RFC 3986 characters, with {name} and :name for parameters. */
const ROUTE = /^\/(?!\/)[A-Za-z0-9\-._~%!$&'()*+,;=:@/{}]*$/;

/** Each attribute that is missing, malformed, or of another kind of trigger. */
export const triggerStart: Rule = {
  name: 'trigger-start',
  codes: ['DAG105'],
  check({ index, atNode, report }) {
    for (const trigger of index.triggers) {
      const spec = trigger.node.trigger;
      if (spec === undefined) continue;
      for (const key of OWNED) {
        const problem = problemOf(spec, key);
        if (problem === undefined) continue;
        const at = atNode(trigger, 'trigger', key);
        report(diagnostic.DAG105({ node: trigger.node.alias, problem }, at));
      }
    }
  },
};

function problemOf(spec: TriggerSpec, key: Owned): string | undefined {
  const value = spec[key];
  if (spec.kind !== OWNERS[key]) {
    return value === undefined ? undefined : `${key} has no meaning for the kind ${spec.kind}`;
  }
  if (value === undefined || value === '') {
    // A host chooses the method and the route of an HTTP trigger that names none.
    if (value === undefined && spec.kind === 'http') return undefined;
    return `the kind ${spec.kind} needs ${key}`;
  }
  if (key === 'method' && !METHOD.test(value)) return `method ${value} is not in upper case`;
  if (key === 'route' && !ROUTE.test(value)) return `route ${value} is not a path`;
  return key === 'schedule' ? cronProblem(value) : undefined;
}
