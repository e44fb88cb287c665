// The context that the rules of one flow share.
import { nearestWord, REGISTRY, type Location } from '@basalt/diagnostics';
import type { FlowIR, Profile } from '@basalt/ir';
import type { FlowIndex } from './flow-index.js';
import type { Findings } from './findings.js';
import type { PathStep, RuleContext } from './rule.js';
import type { ValidateOptions } from './validate-options.js';

/** Aliases that an unknown one is compared with; comparing takes time for each. */
const MAX_CANDIDATES = 500;

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
    didYouMean: (code, alias) => {
      const candidates = flow.nodes.slice(0, MAX_CANDIDATES).map((node) => node.alias);
      const nearest = findings.full ? undefined : nearestWord(alias, candidates);
      return nearest ? { help: `Did you mean ${nearest}? ${REGISTRY[code].fix}` } : {};
    },
    report: (finding) => findings.add(finding),
  };
}
