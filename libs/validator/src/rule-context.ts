// The context that the rules of one flow share.
import type { Location } from '@basalt/diagnostics';
import type { FlowIR, Profile } from '@basalt/ir';
import type { FlowIndex } from './flow-index.js';
import type { Findings } from './findings.js';
import type { PathStep, RuleContext } from './rule.js';
import type { ValidateOptions } from './validate-options.js';

/** `prefix` is the path of this flow in the outermost one. */
export function ruleContext(
  flow: FlowIR,
  index: FlowIndex,
  profile: Profile,
  prefix: readonly PathStep[],
  options: ValidateOptions,
  findings: Findings,
): RuleContext {
  const pointer = (...path: readonly PathStep[]): string => findings.pointer([...prefix, ...path]);
  const at = (...path: readonly PathStep[]): Location => ({ pointer: pointer(...path) });
  return {
    flow,
    index,
    options,
    profile,
    pointer,
    at,
    atNode: ({ node, position }, ...path) => ({
      ...at('nodes', position, ...path),
      ...(node.source === undefined ? {} : node.source),
    }),
    atEdge: ({ position }, ...path) => at('edges', position, ...path),
    atSurface: ({ position }, ...path) => at('control_surfaces', position, ...path),
    report: (finding) => findings.add(finding),
  };
}
