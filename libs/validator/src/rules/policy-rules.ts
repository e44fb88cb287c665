// POL106 and POL104: the rules that somebody wrote as expressions.
import { diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import {
  edgeVariable,
  flowVariable,
  nodeVariable,
  type PolicyContext,
} from '../policy/cel-environment.js';
import type { PolicyRule } from '../policy/policy.js';
import type { Rule, RuleContext } from '../rule.js';

/** No rule of the policy denies (POL106); one that cannot be evaluated does not allow (POL104). */
export const policyRules: Rule = {
  name: 'policy-rules',
  codes: ['POL106', 'POL104'],
  check(context) {
    const rules = context.options.policy?.rules ?? [];
    if (rules.length === 0) return;
    const about = (subject: PolicyRule['about']) => rules.filter((r) => r.about === subject);
    const { flow, index, profile } = context;
    const common = { flow: flowVariable(flow), profile };
    const flowName = `${flow.name} (the flow)`;
    for (const rule of about('flow')) apply(context, rule, common, flowName, context.at());
    const nodeRules = about('node');
    for (const indexed of nodeRules.length > 0 ? index.nodes : []) {
      const variables = { ...common, node: nodeVariable(indexed.node) };
      for (const rule of nodeRules) {
        apply(context, rule, variables, indexed.node.alias, context.atNode(indexed));
      }
    }
    const edgeRules = about('edge');
    for (const indexed of edgeRules.length > 0 ? index.edges : []) {
      const target = indexed.to?.node;
      const node = target === undefined ? {} : { node: nodeVariable(target) };
      const variables = { ...common, edge: edgeVariable(indexed.edge), ...node };
      const name = `${indexed.edge.to} (the edge from ${indexed.edge.from})`;
      for (const rule of edgeRules) {
        apply(context, rule, variables, name, context.atEdge(indexed));
      }
    }
  },
};

function apply(
  context: RuleContext,
  rule: PolicyRule,
  variables: PolicyContext,
  node: string,
  at: Location,
): void {
  for (const expression of [rule.when, rule.deny]) {
    if (expression === undefined || expression === true) continue;
    const result = expression.evaluate(variables);
    if (!result.ok) {
      context.report(diagnostic.POL104({ rule: rule.name, reason: result.reason }, at));
      return;
    }
    if (!result.value) return;
  }
  const text = rule.deny === true ? rule.when?.text : rule.deny.text;
  const reason = rule.message ?? `${text ?? 'it applies to everything'}`;
  const finding: Diagnostic = diagnostic.POL106({ rule: rule.name, node, reason }, at);
  context.report({ ...finding, severity: rule.severity });
}
