// A flow as a node of another: its document goes into `subflows`, its handlers into the handlers.
import { diagnostic } from '@basalt/diagnostics';
import { DETERMINISM, EFFECTS, type FlowIR } from '@basalt/ir';
import { describe } from './describe.js';
import { flowBrand, isFlow } from './flow-brand.js';
import type { FlowDraft } from './flow-draft.js';
import { declareNode } from './node-definition.js';
import type { CommonOptions } from './node-options.js';

/** Declares a node that runs `flow`. Its ranks are the highest of the flow's nodes. */
export function declareSubflow(
  draft: FlowDraft,
  alias: string,
  flow: unknown,
  options: CommonOptions,
): { readonly alias: string } {
  if (!isFlow(flow)) {
    draft.report(diagnostic.AUTH004({ role: 'flow', found: describe(flow) }, draft.location));
    return declareNode(draft, alias, options, { kind: 'subflow' });
  }
  const brand = flowBrand(flow)!;
  const { ir } = flow;
  const known = draft.subflows.get(ir.name);
  if (known !== undefined && known !== ir) {
    draft.report(diagnostic.AUTH007({ identifier: ir.name }, draft.location));
  }
  draft.subflows.set(ir.name, ir);
  for (const [identifier, record] of brand.handlers) draft.claim(identifier, record);
  const ports = { input: brand.input, output: brand.output };
  return declareNode(draft, alias, { ...options, ...ports } as CommonOptions, {
    kind: 'subflow',
    subflow: ir.name,
    effects: highest(EFFECTS, ir, 'effects'),
    determinism: highest(DETERMINISM, ir, 'determinism'),
  });
}

function highest<W extends string>(
  ranks: readonly W[],
  ir: FlowIR,
  field: 'effects' | 'determinism',
): W {
  const found = ir.nodes.map((node) => ranks.indexOf(node[field] as string as W));
  return ranks[Math.max(0, ...found)]!;
}
