// The validator's pipeline: index the flow, apply every rule in order, keep the first findings.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { FlowIR } from '@basalt/ir';
import { buildFlowIndex } from './flow-index.js';
import { Findings } from './findings.js';
import { ruleContext } from './rule-context.js';
import { specifiedRules } from './specified-rules.js';
import { flowsWithin } from './flows-within.js';
import type { ValidateOptions } from './validate-options.js';

/** Findings that are kept when the caller sets no other number. */
export const DEFAULT_MAX_FINDINGS = 100;

/**
 * Checks a flow and the subflows in it. Findings come in the order of `specifiedRules`, the outer
 * flow first; equal flows give equal findings. Never throws, whatever the names and numbers in the
 * flow. Linear in the size of the flow.
 */
export function validateFlow(flow: FlowIR, options: ValidateOptions = {}): readonly Diagnostic[] {
  const findings = new Findings(options.maxFindings ?? DEFAULT_MAX_FINDINGS, options.locate);
  const profile = options.profile ?? flow.profile;
  for (const { flow: inner, path, enclosedBy } of flowsWithin(flow)) {
    if (enclosedBy !== undefined) {
      const location = { pointer: findings.pointer(path) };
      findings.add(diagnostic.DAG217({ flow: inner.name, path: enclosedBy }, location));
      continue;
    }
    const context = ruleContext(inner, buildFlowIndex(inner), profile, path, options, findings);
    for (const rule of specifiedRules) rule.check(context);
  }
  return findings.all();
}
